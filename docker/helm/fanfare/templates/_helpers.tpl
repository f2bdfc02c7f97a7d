{{- define "fanfare.name" -}}
{{- if contains "fanfare" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-fanfare" (.Release.Name | trunc 44 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{- define "fanfare.selector" -}}
app.kubernetes.io/name: fanfare
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fanfare.labels" -}}
{{ include "fanfare.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "fanfare.secretName" -}}
{{- if .Values.secrets -}}
{{ include "fanfare.name" . }}-secrets
{{- else -}}
{{ required "secretName or secrets must be set" .Values.secretName }}
{{- end -}}
{{- end -}}

{{/* What Kubernetes would accept and Fanfare would not do well with */}}
{{- define "fanfare.check" -}}
{{- if and (eq .Values.cluster.bus "none") (or .Values.autoscaling.enabled (gt (int .Values.replicas) 1)) -}}
{{- fail "more than one replica needs cluster.bus: otherwise each pod is a server that knows nothing of the others" -}}
{{- end -}}
{{- if and (ne .Values.cluster.bus "none") (not .Values.cluster.urls) -}}
{{- fail "cluster.bus needs cluster.urls" -}}
{{- end -}}
{{- end -}}

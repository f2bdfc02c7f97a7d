"""Imported by the scripts here that measure builds or settings of the server against each other.

Servers on free ports of 127.0.0.1, which are stopped at the end. What is compared runs in turns, and the median of
three is shown. CPU times are those of threads in /proc, so a busy machine changes rates and latencies more than costs.
Needs server/target/fanfare.jar and loadtest/target/fanfare-loadtest.jar. SCALE=0.2 takes a fifth of the time.
"""
import atexit, glob, hashlib, hmac, json, os, re, signal, statistics, subprocess, tempfile, time

from jdk import JAVA

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JAR = os.environ.get('SERVER_JAR', ROOT + '/server/target/fanfare.jar')
LOADTEST = os.environ.get('LOADTEST_JAR', ROOT + '/loadtest/target/fanfare-loadtest.jar')
SCALE = float(os.environ.get('SCALE', '1'))
FOLDER = tempfile.mkdtemp()
STARTED = []
ROUNDS = 3
APP = dict(FANFARE_HOST='127.0.0.1', FANFARE_PORT='0', FANFARE_METRICS_PORT='0', FANFARE_LANES='1',
           FANFARE_APP_ID='app-id', FANFARE_APP_KEY='app-key', FANFARE_APP_SECRET='app-secret',
           FANFARE_APP_LIMITS_MAX_SUBSCRIPTIONS='0', FANFARE_HISTORY_DISK_BYTES=str(4 << 30),
           FANFARE_APP_LIMITS_MAX_SUBSCRIPTION_CHANGES_PER_SECOND='0')


def signed(method, path, body=None, **query):
    """The target of a signed request to the server."""
    query.update(auth_key='app-key', auth_timestamp=str(int(time.time())), auth_version='1.0')
    if body is not None:
        query['body_md5'] = hashlib.md5(body).hexdigest()
    text = '&'.join('%s=%s' % pair for pair in sorted(query.items()))
    mac = hmac.new(b'app-secret', ('%s\n%s\n%s' % (method, path, text)).encode(), hashlib.sha256)
    return '%s?%s&auth_signature=%s' % (path, text, mac.hexdigest())


class Node:
    def __init__(self, rule=(), jar=JAR, heap='-Xmx512m', folder=None):
        folder = folder or tempfile.mkdtemp(dir=FOLDER)
        log = open(tempfile.mktemp(dir=FOLDER), 'w+')
        began = time.time()
        self.process = subprocess.Popen(
            [JAVA, '-XX:+UseSerialGC', '-XX:+UseCompactObjectHeaders', '-Xmn32m', heap,
             '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow', '-jar', jar],
            stdout=log, stderr=subprocess.STDOUT,
            env={**os.environ, **APP, 'FANFARE_WEBHOOKS_DATA_DIR': folder, **dict(rule)})
        STARTED.append(self.process)
        self.log = log.name
        self.reads_stream = 'READS_STREAM' in dict(rule)
        self.pid = self.process.pid
        while True:
            found = re.search(r'address .*https?://[^:]*:(\d+)', open(log.name).read())
            if found:
                break
            if self.process.poll() is not None or time.time() - began > 120:
                raise SystemExit('no server: ' + open(log.name).read())
            time.sleep(0.005)
        self.seconds = time.time() - began
        self.port = int(found[1])

    def cpu(self):
        """Seconds on a core."""
        return sum(int(open(task + '/schedstat').read().split()[0])
                   for task in glob.glob('/proc/%d/task/*' % self.pid)) / 1e9

    def heap(self):
        text = subprocess.run([os.path.dirname(JAVA) + '/jcmd', str(self.pid), 'GC.class_histogram'],
                              capture_output=True, text=True).stdout
        return int(re.search(r'^Total\s+\d+\s+(\d+)', text, re.M)[1])

    def load(self, scenario, *arguments, seconds=8.0, warmup=8.0):
        out = FOLDER + '/result.json'
        subprocess.run([JAVA, '-jar', LOADTEST, scenario, '--port', str(self.port), '--pid', str(self.pid),
                        *([] if scenario == 'storm' else
                          ['--warmup', '%dms' % (warmup * SCALE * 1000),
                           '--duration', '%dms' % max(500, seconds * SCALE * 1000)]), *map(str, arguments),
                        '--no-polling', '--quiet', '--json', out], stdout=subprocess.DEVNULL)
        run = json.load(open(out))['runs'][0]
        for failure in run.get('failures', []):
            show(scenario, 'failed: ' + failure)
        return {figure['key']: figure['value'] for figure in run['figures']}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def show(row, text):
    print('%-8s %s' % (row, text), flush=True)


def in_turns(servers, measured):
    """The median of each figure by the name of the server, over rounds in which each has its turn."""
    nodes = {name: Node(rule, jar) for name, (rule, jar) in servers.items()}
    found = {name: [] for name in nodes}
    for _ in range(ROUNDS):
        for name, node in nodes.items():
            found[name].append(measured(node))
    stop()
    return {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in found.items()}


def stop():
    for process in STARTED:
        process.kill()
        process.wait()
    STARTED.clear()


@atexit.register
def end():
    stop()
    subprocess.run(['rm', '-rf', FOLDER])

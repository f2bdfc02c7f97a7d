package dev.fanfare.app;

import dev.fanfare.protocol.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;

/// One application that clients and servers connect as.
///
/// @param id decimal by convention, since some server SDKs insist on it; part of request paths
/// @param key public; part of socket paths and of every signature's prefix
/// @param secret signs; never printed
@RecordBuilder
public record App(String id, String key, Secret secret, AppOptions options, Limits limits)
    implements AppBuilder.With {}

package dev.fanfare.app;

/// The apps of a server, for those who list and change them.
///
/// @param store where they are defined
/// @param format how operators read and write them
public record AppCatalog(AppStore store, AppFormat format) {}

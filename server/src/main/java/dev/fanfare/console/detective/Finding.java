package dev.fanfare.console.detective;

/// What a signature was right for.
///
/// @param what a word for programs, such as `other_app`
/// @param text a sentence for people, without a secret in it
public record Finding(String what, String text) {}

package dev.fanfare.console.detective;

/// A text that may have been signed in place of the right one.
///
/// @param what a word for programs; empty for the right text
/// @param text what was signed
/// @param mistake how it differs, to follow "The signature is right "; empty for the right text
record Attempt(String what, String text, String mistake) {}

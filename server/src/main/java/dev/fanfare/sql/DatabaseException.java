package dev.fanfare.sql;

/// The database did not answer, or answered with an error. The message is for operators, without a
/// full stop and a secret.
final class DatabaseException extends Exception {

  private static final long serialVersionUID = 1L;

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}

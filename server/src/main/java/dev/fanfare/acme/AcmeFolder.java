package dev.fanfare.acme;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.KeyFiles;
import dev.fanfare.tls.Loaded;
import dev.fanfare.tls.PemText;
import dev.fanfare.tls.SigningRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The files of one directory of an authority: account key, certificate, [PastOrders], and the
/// answers to challenges. Only the server's user can read them; each is replaced as a whole. Nodes
/// may share the folder. Blocks on the disk.
final class AcmeFolder {

  static final String CERTIFICATE = "certificate.pem";

  private static final String ACCOUNT = "account.pem";
  private static final String ORDERS = "orders";
  private static final String LOCK = "lock";
  private static final String CHALLENGES = "challenges";

  /// A token of a challenge (RFC 8555 section 8.1): nothing that leads out of the folder.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,200}");

  private static final int MAX_ANSWER_BYTES = 1_024;

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path home;

  /// Creates the folder if it is not there.
  ///
  /// @throws IOException with the path and what is wrong with it
  AcmeFolder(Path home) throws IOException {
    this.home = home;
    try {
      Files.createDirectories(home.resolve(CHALLENGES), PRIVATE_FOLDER);
      Files.deleteIfExists(Files.createTempFile(home, "check", ".tmp", PRIVATE));
    } catch (IOException e) {
      throw new IOException(
          "cannot write to acme_dir " + home + ": " + e.getClass().getSimpleName(), e);
    }
  }

  /// Held while a certificate is ordered.
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /// The only turn of all processes that share the folder; null while another one has it. It ends
  /// with the process at the latest, since it is a lock of the system.
  @Nullable Turn turn(String owner, Instant now) throws IOException {
    FileChannel file = FileChannel.open(home.resolve(LOCK), Set.of(CREATE, WRITE), PRIVATE);
    try {
      FileLock lock = file.tryLock();
      if (lock != null) {
        file.truncate(0);
        String text = owner + " since " + now + "\n"; // for people
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return () -> close(file);
      }
    } catch (OverlappingFileLockException e) {
      // A node in this process has it.
    }
    close(file);
    return null;
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      // The lock is gone in any case.
    }
  }

  /// The key of our account; the first call makes it.
  KeyPair account() throws IOException, GeneralSecurityException {
    Path file = home.resolve(ACCOUNT);
    String text = read(file);
    if (text.isEmpty()) {
      KeyPair keys = SigningRequest.newKey();
      write(file, PemText.of(keys));
      return keys;
    }
    return switch (PemText.keyPair(text)) {
      case Parsed.Ok<KeyPair>(KeyPair keys) -> keys;
      case Parsed.Bad<KeyPair>(String problem) ->
          throw new IOException(file + " is the key of the account, which " + problem);
    };
  }

  /// The certificate and its key, or what is wrong with the file.
  Loaded certificate(Instant now) {
    return new KeyFiles(home.resolve(CERTIFICATE).toString(), "", null).load(now);
  }

  /// Replaces certificate and key at once.
  void keep(String pem) throws IOException {
    write(home.resolve(CERTIFICATE), pem);
  }

  PastOrders pastOrders() throws IOException {
    return PastOrders.parse(read(home.resolve(ORDERS)));
  }

  void keep(PastOrders past) throws IOException {
    write(home.resolve(ORDERS), past.text());
  }

  /// Lets every node that shares the folder answer.
  void keepAnswer(String token, String authorization) throws IOException {
    write(answerFile(token), authorization);
  }

  void dropAnswer(String token) throws IOException {
    Files.deleteIfExists(answerFile(token));
  }

  /// The answer to a challenge; empty if there is none.
  String answer(String token) throws IOException {
    if (!TOKEN.matcher(token).matches()) {
      return "";
    }
    String text = read(answerFile(token));
    return text.length() <= MAX_ANSWER_BYTES ? text : "";
  }

  private Path answerFile(String token) throws IOException {
    if (!TOKEN.matcher(token).matches()) {
      throw new IOException("the authority's token is not one of base64url");
    }
    return home.resolve(CHALLENGES).resolve(token);
  }

  /// Empty if the file is not there.
  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = Files.createTempFile(file.resolveSibling(""), "fresh", ".tmp", PRIVATE);
    try {
      try (FileChannel out = FileChannel.open(fresh, WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}

package dev.prguard.service;

import com.linecorp.armeria.common.TlsKeyPair;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;

/// Reads the certificate and the key of `--tls-cert` and `--tls-key`, before anything listens: what
/// does not fit would show at the first client otherwise.
final class TlsFiles {
  private TlsFiles() {}

  /// @param log takes a warning for people
  /// @throws IllegalArgumentException in one line, when one cannot be read, or they do not belong
  ///   together
  static TlsKeyPair read(ServiceSettings.Tls files, Consumer<String> log) {
    TlsKeyPair pair;
    try {
      pair = TlsKeyPair.of(files.key().toFile(), files.certificate().toFile());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s and %s: not a certificate and its key in PEM, without a password"
              .formatted(files.certificate(), files.key()),
          e);
    }
    List<X509Certificate> chain = pair.certificateChain();
    if (chain.isEmpty() || !belongTogether(pair.privateKey(), chain.getFirst())) {
      throw new IllegalArgumentException(
          "%s is not the key of the certificate in %s".formatted(files.key(), files.certificate()));
    }
    Date end = chain.getFirst().getNotAfter();
    if (end.toInstant().toEpochMilli() < System.currentTimeMillis()) {
      log.accept("%s: expired at %s".formatted(files.certificate(), end.toInstant()));
    }
    return pair;
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] text = "pr-guard".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}

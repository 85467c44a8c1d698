package dev.prguard.telemetry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// A certificate of `localhost` that is its own authority, made by the JDK's keytool, as PEM files.
record TestCertificates(Path certificate, Path key, Path store) {
  static final char[] PASSWORD = "changeit".toCharArray();

  static TestCertificates in(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "test",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=dns:localhost,ip:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        store.toString(),
        "-storepass",
        new String(PASSWORD));
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    return new TestCertificates(
        pem(folder.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("test").getEncoded()),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", keys.getKey("test", PASSWORD).getEncoded()),
        store);
  }

  private static Path pem(Path file, String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  private static void keytool(String... arguments) throws Exception {
    java.util.List<String> words =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
  }
}

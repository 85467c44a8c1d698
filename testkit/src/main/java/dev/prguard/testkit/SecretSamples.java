package dev.prguard.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The labelled set of secrets and look-alikes, `bench/detection-sets/secrets.tsv`.
public final class SecretSamples {

  /// @param path names the file, and so its kind
  /// @param template the file's text, with places such as `{{hex:32}}` still to be filled
  /// @param secret whether it holds a secret
  public record Sample(String path, String template, boolean secret) {}

  private SecretSamples() {}

  /// Every line of the set; each token in each context.
  ///
  /// @throws IOException when the file cannot be read
  public static List<Sample> read(Path file) throws IOException {
    List<String[]> contexts = new ArrayList<>();
    List<String> tokens = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\t", 3);
      switch (parts[0]) {
        case "context" -> contexts.add(parts);
        case "token" -> tokens.add(parts[2]);
        case "+", "-" -> samples.add(sample(parts[1], parts[2], parts[0].equals("+")));
        default -> throw new IOException(file + ": " + parts[0] + ": unknown kind of line");
      }
    }
    for (String token : tokens) {
      contexts.forEach(c -> samples.add(sample(c[1], c[2].replace("@@", token), true)));
    }
    return samples;
  }

  private static Sample sample(String path, String text, boolean secret) {
    return new Sample(path, text.replace("\\n", "\n") + "\n", secret);
  }
}

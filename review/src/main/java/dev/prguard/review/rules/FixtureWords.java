package dev.prguard.review.rules;

import java.util.Locale;
import java.util.Set;

/// Words that the made-up passwords and keys of tests and examples consist of.
final class FixtureWords {

  private static final int MAX_CHARS = 64;
  private static final int MAX_WORD = 12;

  private static final Set<String> WORDS =
      Set.of(
          "a",
          "abc",
          "abcd",
          "access",
          "account",
          "admin",
          "an",
          "api",
          "app",
          "auth",
          "bar",
          "baz",
          "basic",
          "bearer",
          "bogus",
          "change",
          "client",
          "code",
          "correct",
          "custom",
          "data",
          "db",
          "default",
          "demo",
          "dev",
          "development",
          "dummy",
          "empty",
          "enter",
          "env",
          "example",
          "fake",
          "field",
          "file",
          "foo",
          "for",
          "guest",
          "hash",
          "hello",
          "here",
          "id",
          "in",
          "incorrect",
          "input",
          "insert",
          "invalid",
          "is",
          "it",
          "key",
          "local",
          "localhost",
          "login",
          "me",
          "mock",
          "my",
          "mysql",
          "name",
          "new",
          "no",
          "none",
          "not",
          "null",
          "of",
          "old",
          "or",
          "pass",
          "passw",
          "passwd",
          "passphrase",
          "password",
          "passwords",
          "phrase",
          "placeholder",
          "postgres",
          "private",
          "prod",
          "public",
          "pw",
          "pwd",
          "qwerty",
          "rd",
          "redis",
          "replace",
          "reset",
          "root",
          "sample",
          "secret",
          "secrets",
          "server",
          "some",
          "string",
          "strong",
          "super",
          "temp",
          "test",
          "testing",
          "tester",
          "text",
          "that",
          "the",
          "this",
          "to",
          "todo",
          "token",
          "type",
          "undefined",
          "unknown",
          "user",
          "username",
          "valid",
          "value",
          "very",
          "weak",
          "with",
          "word",
          "world",
          "wrong",
          "x",
          "xxx",
          "you",
          "your");

  private FixtureWords() {}

  /// Whether the letters of a value are nothing but [#WORDS], one after the other.
  static boolean isAll(String value) {
    if (value.length() > MAX_CHARS) {
      return false;
    }
    StringBuilder letters = new StringBuilder();
    for (char c : value.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c >= 'a' && c <= 'z') {
        letters.append(c);
      }
    }
    boolean[] reached = new boolean[letters.length() + 1];
    reached[0] = true;
    for (int from = 0; from < letters.length(); from++) {
      for (int to = from + 1;
          reached[from] && to <= Math.min(from + MAX_WORD, letters.length());
          to++) {
        reached[to] |= WORDS.contains(letters.substring(from, to));
      }
    }
    return letters.length() >= 3 && reached[letters.length()];
  }
}

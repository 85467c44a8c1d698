package dev.prguard.review.change;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a repository, from the URL of its remote. Credentials in the URL are not taken over.
record GitOrigin(String repository, String owner, String repo) {
  private static final int MAX_CHARS = 500;

  /// Behind the host of `https://user:token@host:8443/owner/repo.git`.
  private static final Pattern URL = Pattern.compile("(?:https?|ssh|git)://[^/]+/(?<path>[^?#]+)");

  /// Behind the host of `git@host:owner/repo.git`.
  private static final Pattern SCP = Pattern.compile("(?:[^/:]*@)?[^/:@]{2,}:(?!//)(?<path>.+)");

  private static final Pattern PATH =
      Pattern.compile("/*(?<owner>[\\w.-]+(?:/[\\w.-]+)*)/(?<repo>[\\w.-]+?)(?:\\.git)?/*");

  /// @param url `remote.origin.url`, hostile text, or empty
  /// @param folder names the repository when the URL does not
  static GitOrigin of(String url, Path folder) {
    Matcher outer = URL.matcher(url);
    if (!outer.matches()) {
      outer = SCP.matcher(url);
    }
    if (url.length() <= MAX_CHARS && outer.matches()) {
      Matcher path = PATH.matcher(outer.group("path"));
      if (path.matches()) {
        String owner = path.group("owner");
        String repo = path.group("repo");
        return new GitOrigin(owner + "/" + repo, owner, repo);
      }
    }
    Path name = folder.getFileName();
    String repo = name == null ? "local" : name.toString();
    return new GitOrigin(repo, "", repo);
  }
}

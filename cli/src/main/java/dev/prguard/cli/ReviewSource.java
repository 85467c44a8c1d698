package dev.prguard.cli;

import dev.prguard.review.change.ChangeSource;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.DiffTextChangeSource;
import dev.prguard.review.change.GitChangeSource;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.github.GitHubChangeSource;
import dev.prguard.review.github.GitHubClient;
import dev.prguard.review.github.PullRequestUrl;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the SOURCE argument names.
///
/// @param known what can be said of the change before it is read
/// @param url the pull request, null for a local source
/// @param github the client of its forge, null for a local source
record ReviewSource(
    ChangeSource changes,
    PullRequest known,
    @Nullable PullRequestUrl url,
    @Nullable GitHubClient github) {

  /// `owner/repo#7`, as people write it to each other.
  private static final Pattern SHORT_FORM = Pattern.compile("([\\w.-]+/[\\w.-]+)#(\\d+)");

  private static final Pattern WITHOUT_SCHEME =
      Pattern.compile("[\\w.-]+\\.[\\w-]+(:\\d+)?/[\\w.-]+/[\\w.-]+/pull/\\d+");

  PullRequestUrl requireUrl() {
    return Objects.requireNonNull(url, "url");
  }

  GitHubClient requireGitHub() {
    return Objects.requireNonNull(github, "github");
  }

  /// @throws CommandException when it is none of URL, folder, file and `-`, or when options do not
  ///   go with it
  static ReviewSource of(ReviewCommand options, Map<String, String> env) {
    String source = options.source;
    if (source.isBlank()) {
      // An unset variable in a script: the folder that "" stands for is not meant.
      throw CommandException.wrongInput(
          "SOURCE is empty; give a pull request URL, a repository, a diff file, or -");
    }
    boolean url = source.startsWith("http://") || source.startsWith("https://");
    if (!url && (options.post || options.patchPr)) {
      throw CommandException.wrongInput(
          (options.post ? "--post" : "--patch-pr") + " needs the URL of a pull request as SOURCE");
    }
    if (url) {
      refuseRevisions(options, "a pull request");
      return pullRequest(source, env, options.deadline());
    }
    if (source.equals("-")) {
      refuseRevisions(options, "standard input");
      InputStream in = System.in;
      return local(DiffTextChangeSource.ofStream(in, "standard input"), "");
    }
    Path path = path(source);
    if (Files.isDirectory(path)) {
      return local(
          new GitChangeSource(path, options.base, options.head, options.uncommitted),
          path.toAbsolutePath().normalize().toUri().toString());
    }
    if (Files.exists(path)) {
      refuseRevisions(options, "a diff file");
      return local(
          DiffTextChangeSource.ofFile(path), path.toAbsolutePath().normalize().toUri().toString());
    }
    throw CommandException.wrongInput(
        source
            + ": no such file or folder"
            + "\n  a pull request is given by its URL: "
            + pullRequestUrl(source));
  }

  /// What was probably meant, or the form of it.
  private static String pullRequestUrl(String source) {
    Matcher brief = SHORT_FORM.matcher(source);
    if (brief.matches()) {
      return "https://github.com/" + brief.group(1) + "/pull/" + brief.group(2);
    }
    return WITHOUT_SCHEME.matcher(source).matches()
        ? "https://" + source
        : "https://github.com/OWNER/REPO/pull/NUMBER";
  }

  private static ReviewSource pullRequest(
      String source, Map<String, String> env, Duration patience) {
    try {
      PullRequestUrl url = PullRequestUrl.parse(source);
      GitHubClient client = GitHubClient.of(url, env.get("GITHUB_TOKEN"), patience);
      return new ReviewSource(
          new GitHubChangeSource(url, client),
          new PullRequest(
              source,
              url.owner() + "/" + url.repo(),
              url.owner(),
              url.repo(),
              url.number(),
              "",
              "",
              "",
              "",
              "",
              "",
              ""),
          url,
          client);
    } catch (ChangeSourceException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
  }

  private static ReviewSource local(ChangeSource changes, String uri) {
    return new ReviewSource(
        changes,
        new PullRequest(uri, "local", "", "", null, "", "", "", "", "", "", ""),
        null,
        null);
  }

  private static void refuseRevisions(ReviewCommand options, String what) {
    String given =
        options.base != null
            ? "--base"
            : options.head != null ? "--head" : options.uncommitted ? "--uncommitted" : null;
    if (given != null) {
      throw CommandException.wrongInput(given + " goes with a git repository, not with " + what);
    }
  }

  private static Path path(String source) {
    try {
      return Path.of(source);
    } catch (InvalidPathException e) {
      throw CommandException.wrongInput("SOURCE is neither a URL nor a path", e);
    }
  }
}

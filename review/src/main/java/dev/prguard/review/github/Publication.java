package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.github.Anchors.Place;
import dev.prguard.review.github.Discussion.Comment;
import dev.prguard.review.github.GitHubException.Kind;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PublishReceipt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One publishing of one review.
final class Publication {
  /// The second try is made only after the first was seen not to have happened.
  private static final int MAX_TRIES = 2;

  private final PullRequestUrl url;
  private final GitHubClient client;
  private final Discussion discussion;
  private final PublishRequest request;
  private final PublishLedger ledger;
  private final Anchors anchors;
  private final String reviewedSha;
  private final String headSha;

  /// A comment to be added.
  ///
  /// @param index of its finding in the ledger
  private record Draft(int index, String fingerprint, ObjectNode json) {}

  /// @param headSha the head as it is now
  Publication(
      PullRequestUrl url,
      GitHubClient client,
      Discussion discussion,
      PublishRequest request,
      PublishLedger ledger,
      String headSha) {
    this.url = url;
    this.client = client;
    this.discussion = discussion;
    this.request = request;
    this.ledger = ledger;
    this.headSha = headSha;
    reviewedSha = request.pullRequest().headSha();
    anchors = new Anchors(request.diff(), request.head(), request.base());
  }

  /// @throws GitHubException when it fails before anything was written
  PublishReceipt run() {
    Map<String, Comment> before = discussion.comments();
    if (moved()) {
      ledger.error(movedNote());
    }
    ThreadStates threads = new ThreadStates(discussion);
    update(before, threads);
    add(drafts());
    if (!moved()) {
      resolve(before, threads);
    }
    return summarise();
  }

  private boolean moved() {
    return !headSha.equals(reviewedSha);
  }

  private String movedNote() {
    return "the pull request was pushed to since: this is a review of "
        + reviewedSha
        + ", the head is now "
        + headSha;
  }

  /// Findings that have their comment already keep it.
  private void update(Map<String, Comment> before, ThreadStates threads) {
    Set<String> seen = new HashSet<>();
    for (int index : ledger.open()) {
      Finding finding = ledger.finding(index);
      if (!seen.add(finding.fingerprint())) {
        ledger.folded(index, "the same code as a finding above");
        continue;
      }
      Comment comment = before.get(finding.fingerprint());
      if (comment == null) {
        continue;
      }
      String body = body(finding);
      try {
        if (!Markers.same(body, comment.body())) {
          client.write("PATCH", commentPath(comment), text(body));
        }
        if (comment.marked().resolved()) {
          threads.reopen(comment);
        }
        ledger.updated(index);
      } catch (GitHubException e) {
        if (e.kind() != Kind.NOT_FOUND) {
          ledger.error("a comment could not be updated: " + e.getMessage());
          ledger.folded(index, "its comment could not be updated");
        }
        // Somebody deleted it since it was listed: then it is a new one.
      }
    }
  }

  private List<Draft> drafts() {
    List<Draft> drafts = new ArrayList<>();
    for (int index : ledger.open()) {
      Finding finding = ledger.finding(index);
      if (drafts.size() == GitHubReviewPublisher.MAX_COMMENTS) {
        ledger.folded(
            index, "over the limit of " + GitHubReviewPublisher.MAX_COMMENTS + " new comments");
        continue;
      }
      switch (anchors.place(finding, request.committable().contains(finding.fingerprint()))) {
        case Place.None(String reason) -> ledger.folded(index, reason);
        case Place.Lines lines ->
            drafts.add(new Draft(index, finding.fingerprint(), comment(finding, lines)));
      }
    }
    return drafts;
  }

  private ObjectNode comment(Finding finding, Place.Lines lines) {
    String side =
        switch (lines.side()) {
          case NEW -> "RIGHT";
          case OLD -> "LEFT";
        };
    ObjectNode json =
        text(body(finding)).put("path", lines.path()).put("line", lines.to()).put("side", side);
    if (lines.from() < lines.to()) {
      json.put("start_line", lines.from()).put("start_side", side);
    }
    return json;
  }

  /// Adds all comments as one review, so that the author gets one notification.
  private void add(List<Draft> drafts) {
    Map<String, Draft> left = new LinkedHashMap<>();
    drafts.forEach(draft -> left.put(draft.fingerprint, draft));
    for (int tries = 1; !left.isEmpty(); tries++) {
      try {
        JsonNode review = client.write("POST", url.pullPath() + "/reviews", review(left));
        confirm(review.path("id").asLong(), left);
        return;
      } catch (GitHubException e) {
        if (e.kind() == Kind.UNPROCESSABLE) {
          addOneByOne(left);
          return;
        }
        if (!e.mayHaveHappened() || !lookedFor(left) || tries == MAX_TRIES) {
          ledger.error("comments could not be posted: " + e.getMessage());
          foldAll(left, "GitHub did not take the comment");
          return;
        }
      }
    }
  }

  private ObjectNode review(Map<String, Draft> drafts) {
    ArrayNode comments = GitHubClient.MAPPER.createArrayNode();
    drafts.values().forEach(draft -> comments.add(draft.json));
    ObjectNode json =
        GitHubClient.MAPPER
            .createObjectNode()
            .put("commit_id", reviewedSha)
            .put("event", "COMMENT")
            .put(
                "body",
                "Secure PR Guard: "
                    + (drafts.size() == 1 ? "1 comment" : drafts.size() + " comments")
                    + " on lines; the summary is in a comment of its own.");
    json.set("comments", comments);
    return json;
  }

  /// GitHub may take a review and leave out one of its comments without a word.
  private void confirm(long review, Map<String, Draft> left) {
    try {
      take(discussion.commentsOfReview(review), left);
      foldAll(left, "GitHub took the review without this comment");
    } catch (GitHubException e) {
      ledger.error(
          "comments were posted, but could not be read again to be sure: " + e.getMessage());
      left.values().forEach(draft -> ledger.posted(draft.index));
      left.clear();
    }
  }

  /// One comment that GitHub does not take makes it refuse the whole review, without telling which.
  private void addOneByOne(Map<String, Draft> left) {
    for (Iterator<Draft> drafts = left.values().iterator(); drafts.hasNext(); ) {
      Draft draft = drafts.next();
      ObjectNode json = draft.json.deepCopy().put("commit_id", reviewedSha);
      try {
        client.write("POST", url.pullPath() + "/comments", json);
        ledger.posted(draft.index);
      } catch (GitHubException e) {
        if (e.kind() == Kind.UNPROCESSABLE) {
          ledger.folded(draft.index, "GitHub does not take a comment on this line");
        } else {
          ledger.error("comments could not be posted: " + e.getMessage());
          if (e.mayHaveHappened()) {
            lookedFor(left);
          }
          foldAll(left, "GitHub did not take the comment");
          return;
        }
      }
      drafts.remove();
    }
  }

  /// Looks which comments are there after a write of unknown outcome.
  ///
  /// @return false when it could not be seen
  private boolean lookedFor(Map<String, Draft> left) {
    client.settle();
    try {
      take(discussion.comments(), left);
      return true;
    } catch (GitHubException e) {
      ledger.error("could not look which comments are there: " + e.getMessage());
      return false;
    }
  }

  private void take(Map<String, Comment> there, Map<String, Draft> left) {
    left.values()
        .removeIf(draft -> {
          boolean posted = there.containsKey(draft.fingerprint);
          if (posted) {
            ledger.posted(draft.index);
          }
          return posted;
        });
  }

  private void foldAll(Map<String, Draft> left, String reason) {
    left.values().forEach(draft -> ledger.folded(draft.index, reason));
    left.clear();
  }

  /// Closes comments whose finding is gone.
  private void resolve(Map<String, Comment> before, ThreadStates threads) {
    Set<String> found = new HashSet<>();
    request.findings().forEach(finding -> found.add(finding.fingerprint()));
    for (Comment comment : before.values()) {
      if (found.contains(comment.marked().fingerprint())
          || comment.marked().resolved()
          || !fixed(comment)
          || threads.isResolved(comment)) {
        continue;
      }
      boolean closed = threads.close(comment);
      try {
        String body = Markers.resolvedBody(comment.marked(), reviewedSha);
        client.write("PATCH", commentPath(comment), text(body));
        closed = true;
      } catch (GitHubException e) {
        ledger.error("a comment could not be marked as resolved: " + e.getMessage());
      }
      if (closed) {
        ledger.resolved();
      }
    }
  }

  /// A rule finds what is there each time. A model may just not have said it again, so its finding
  /// is fixed only when the line is gone too.
  private boolean fixed(Comment comment) {
    Finding.Source source = comment.marked().source();
    if (source == null) {
      return comment.outdated() && request.finished().size() == Finding.Source.values().length;
    }
    return request.finished().contains(source)
        && switch (source) {
          case RULE -> true;
          case MODEL -> comment.outdated();
        };
  }

  private PublishReceipt summarise() {
    PublishReceipt expected = ledger.expected();
    String text =
        (moved() ? "> **Note:** " + movedNote() + ".\n\n" : "") + request.summary().apply(expected);
    String folded = FoldedFindings.markdown(ledger, Markers.summaryRoom() - text.length());
    String body = Markers.summaryBody(text + folded);
    for (int tries = 1; ; tries++) {
      try {
        Discussion.Summary there = discussion.summary().orElse(null);
        JsonNode written =
            there == null
                ? client.write(
                    "POST",
                    url.repositoryPath() + "/issues/" + url.number() + "/comments",
                    text(body))
                : client.write(
                    "PATCH", url.repositoryPath() + "/issues/comments/" + there.id(), text(body));
        return ledger.receipt(written.path("html_url").asText(""), body.length());
      } catch (GitHubException e) {
        if (tries == MAX_TRIES || !(e.mayHaveHappened() || e.kind() == Kind.NOT_FOUND)) {
          ledger.error("the summary could not be posted: " + e.getMessage());
          return ledger.withoutSummary();
        }
        client.settle();
      }
    }
  }

  private String body(Finding finding) {
    return Markers.findingBody(finding, request.commentBody().apply(finding));
  }

  private String commentPath(Comment comment) {
    return url.repositoryPath() + "/pulls/comments/" + comment.id();
  }

  private static ObjectNode text(String body) {
    return GitHubClient.MAPPER.createObjectNode().put("body", body);
  }
}

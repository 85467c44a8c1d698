package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The comments, reviews and threads of a [FakeGitHub]'s pull request, with GitHub's checks: a
/// comment hangs on a line of the diff or the whole review is refused.
final class FakeDiscussion {
  private static final int MAX_BODY = 65_536;

  /// GitHub would answer so.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  private static final class Line {
    final ObjectNode json;
    final String text;
    final long review;
    boolean resolved;

    Line(ObjectNode json, String text, long review) {
      this.json = json;
      this.text = text;
      this.review = review;
    }
  }

  private final JsonMapper mapper = new JsonMapper();
  private final String page;
  private final Supplier<List<FakeDiff.File>> diff;
  private final List<Line> lines = new ArrayList<>();
  private final List<ObjectNode> issueComments = new ArrayList<>();
  private final List<ObjectNode> reviews = new ArrayList<>();
  private long lastId = 1_000;

  FakeDiscussion(String page, Supplier<List<FakeDiff.File>> diff) {
    this.page = page;
    this.diff = diff;
  }

  ObjectNode addIssueComment(ObjectNode user, String body) {
    requireBody(body);
    ObjectNode json = comment(user, body, "issuecomment-");
    issueComments.add(json);
    return json;
  }

  List<ObjectNode> issueComments() {
    return List.copyOf(issueComments);
  }

  ObjectNode editIssueComment(ObjectNode user, long id, String body) {
    requireBody(body);
    return edit(
        issueComments.stream().filter(c -> c.path("id").asLong() == id).findFirst(), user, body);
  }

  /// Adds a review with all its comments, or nothing.
  ObjectNode addReview(ObjectNode user, JsonNode request) {
    if (!request.path("event").asText("").equals("COMMENT")) {
      throw new AssertionError("a review that is not a mere comment: " + request.path("event"));
    }
    long id = ++lastId;
    List<Line> added = new ArrayList<>();
    for (JsonNode comment : request.path("comments")) {
      added.add(line(user, comment, request.path("commit_id").asText(""), id));
    }
    lines.addAll(added);
    ObjectNode json = mapper.createObjectNode().put("id", id).put("node_id", "PRR_" + id);
    json.put("body", request.path("body").asText("")).put("state", "COMMENTED");
    json.put("html_url", page + "#pullrequestreview-" + id);
    json.put("commit_id", request.path("commit_id").asText("")).set("user", user);
    reviews.add(json);
    return json;
  }

  List<ObjectNode> reviews() {
    return List.copyOf(reviews);
  }

  ObjectNode addLineComment(ObjectNode user, JsonNode comment) {
    Line line = line(user, comment, comment.path("commit_id").asText(""), ++lastId);
    lines.add(line);
    return line.json;
  }

  /// Comments on lines as they are now: one whose line is gone from the diff has none.
  List<ObjectNode> lineComments() {
    return lines.stream().map(this::current).toList();
  }

  List<ObjectNode> lineCommentsOfReview(long review) {
    return lines.stream().filter(l -> l.review == review).map(this::current).toList();
  }

  ObjectNode editLineComment(ObjectNode user, long id, String body) {
    requireBody(body);
    return edit(
        lines.stream().map(l -> l.json).filter(c -> c.path("id").asLong() == id).findFirst(),
        user,
        body);
  }

  void deleteLineComment(long id) {
    lines.removeIf(l -> l.json.path("id").asLong() == id);
  }

  /// Answers our three GraphQL questions: who am I, which threads, close or open one.
  ObjectNode graphQl(JsonNode request, ObjectNode self, boolean mayResolve) {
    String query = request.path("query").asText("");
    ObjectNode answer = mapper.createObjectNode();
    ObjectNode data = answer.putObject("data");
    if (query.contains("viewer")) {
      data.putObject("viewer")
          .put("databaseId", FakeGitHub.ACCOUNT_ID)
          .put("login", self.path("login").asText());
      return answer;
    }
    if (query.contains("reviewThreads")) {
      ObjectNode threads =
          data.putObject("repository").putObject("pullRequest").putObject("reviewThreads");
      threads.putObject("pageInfo").put("hasNextPage", false).putNull("endCursor");
      threads.set("nodes", threads());
      return answer;
    }
    boolean resolve = !query.contains("unresolveReviewThread");
    String name = resolve ? "resolveReviewThread" : "unresolveReviewThread";
    String thread = request.path("variables").path("id").asText("");
    if (!mayResolve || !setResolved(thread, resolve)) {
      data.putNull(name);
      answer
          .putArray("errors")
          .addObject()
          .put("type", "FORBIDDEN")
          .put("message", "Resource not accessible by integration");
      return answer;
    }
    data.putObject(name).putObject("thread").put("isResolved", resolve);
    return answer;
  }

  private ArrayNode threads() {
    ArrayNode threads = mapper.createArrayNode();
    for (Line line : lines) {
      ObjectNode thread =
          threads.addObject().put("id", threadId(line)).put("isResolved", line.resolved);
      thread
          .putObject("comments")
          .putArray("nodes")
          .addObject()
          .put("databaseId", line.json.path("id").asLong());
    }
    return threads;
  }

  boolean setResolved(String thread, boolean resolved) {
    for (Line line : lines) {
      if (threadId(line).equals(thread)) {
        line.resolved = resolved;
        return true;
      }
    }
    return false;
  }

  boolean isResolved(long comment) {
    return lines.stream().anyMatch(l -> l.json.path("id").asLong() == comment && l.resolved);
  }

  static String threadOf(long comment) {
    return "PRRT_" + comment;
  }

  private static String threadId(Line line) {
    return threadOf(line.json.path("id").asLong());
  }

  private Line line(ObjectNode user, JsonNode request, String commit, long review) {
    requireBody(request.path("body").asText(""));
    boolean right = request.path("side").asText("RIGHT").equals("RIGHT");
    int to = request.path("line").asInt();
    int from = request.has("start_line") ? request.path("start_line").asInt() : to;
    if (request.has("start_line") && from >= to) {
      throw new Refused(422, "Pull request review thread start line must precede the end line.");
    }
    String path = request.path("path").asText("");
    String text = "";
    Map<Integer, String> shown =
        diff.get().stream()
            .filter(f -> f.path().equals(path))
            .findFirst()
            .map(f -> right ? f.right() : f.left())
            .orElse(Map.of());
    for (int number = from; number <= to; number++) {
      String at = shown.get(number);
      if (at == null) {
        throw new Refused(
            422,
            "Pull request review thread line must be part of the diff and Pull request review"
                + " thread diff hunk can't be blank");
      }
      text = at;
    }
    ObjectNode json = comment(user, request.path("body").asText(""), "discussion_r");
    json.put("path", path).put("side", right ? "RIGHT" : "LEFT").put("line", to);
    json.put("original_line", to).put("commit_id", commit).put("original_commit_id", commit);
    json.put("pull_request_review_id", review);
    if (from < to) {
      json.put("start_line", from).put("start_side", json.path("side").asText());
    } else {
      json.putNull("start_line");
    }
    return new Line(json, text, review);
  }

  private ObjectNode current(Line line) {
    ObjectNode json = line.json.deepCopy();
    boolean right = json.path("side").asText("").equals("RIGHT");
    Optional<Integer> at =
        diff.get().stream()
            .filter(f -> f.path().equals(json.path("path").asText("")))
            .flatMap(f -> (right ? f.right() : f.left()).entrySet().stream())
            .filter(e -> e.getValue().equals(line.text))
            .map(Map.Entry::getKey)
            .findFirst();
    if (at.isPresent()) {
      json.put("line", at.get());
    } else {
      json.putNull("line");
    }
    return json;
  }

  private ObjectNode comment(ObjectNode user, String body, String anchor) {
    long id = ++lastId;
    ObjectNode json = mapper.createObjectNode().put("id", id).put("node_id", "C_" + id);
    json.put("body", body).put("html_url", page + "#" + anchor + id);
    json.put("author_association", "NONE").put("created_at", "2026-11-01T12:00:00Z");
    json.set("user", user);
    return json;
  }

  private static ObjectNode edit(Optional<ObjectNode> comment, ObjectNode user, String body) {
    ObjectNode json = comment.orElseThrow(() -> new Refused(404, "Not Found"));
    if (!json.path("user").path("id").equals(user.path("id"))) {
      throw new AssertionError("edits a comment of " + json.path("user").path("login"));
    }
    return json.put("body", body);
  }

  private static void requireBody(String body) {
    if (body.isBlank()) {
      throw new Refused(422, "Body can't be blank");
    }
    if (body.length() > MAX_BODY) {
      throw new Refused(422, "Body is too long (maximum is 65536 characters)");
    }
  }
}

package dev.prguard.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.testkit.FakeDiscussion.Refused;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A GitHub (Enterprise: `/api/v3`, `/api/graphql`) with one pull request, number 7 of `acme/shop`,
/// whose commits are in a real git repository. It keeps what is written to it, as GitHub does, in
/// GitHub's JSON, refuses what GitHub refuses, and fails as it is told to.
public final class FakeGitHub implements AutoCloseable {
  public static final String OWNER = "acme";
  public static final String REPO = "shop";
  public static final int NUMBER = 7;

  /// The token of account `guard`, which may do everything.
  public static final String TOKEN = "test-token-of-guard";

  /// The account of [#TOKEN].
  public static final long ACCOUNT_ID = 4_242;

  private static final String ROOT = "/api/v3/repos/" + OWNER + "/" + REPO;

  private final JsonMapper mapper = new JsonMapper();
  private final FakeGitData git;
  private final FakeDiscussion discussion;
  private final FakePullRequest pullRequest;
  private final TestHttpServer server;
  private final String baseBranch;
  private final String headBranch;
  private final List<ObjectNode> drafts = new ArrayList<>();

  private volatile Function<Request, @Nullable Answer> before = _ -> null;
  private volatile Function<Request, @Nullable Answer> after = _ -> null;
  private volatile boolean isPrivate;
  private volatile boolean app;
  private volatile boolean mayResolve = true;

  private FakeGitHub(TestRepository repository, String baseBranch, String headBranch) {
    this.baseBranch = baseBranch;
    this.headBranch = headBranch;
    git = new FakeGitData(repository);
    pullRequest = new FakePullRequest(repository, git, baseBranch, headBranch);
    server = TestHttpServer.start(this::answer);
    discussion = new FakeDiscussion(pullUrl(), pullRequest::diff);
  }

  /// Starts a server whose pull request is `headBranch` into `baseBranch`, as they are at each
  /// request.
  public static FakeGitHub start(TestRepository repository, String baseBranch, String headBranch) {
    return new FakeGitHub(repository, baseBranch, headBranch);
  }

  /// The page of the pull request.
  public String pullUrl() {
    return server.uri() + "/" + OWNER + "/" + REPO + "/pull/" + NUMBER;
  }

  public URI api() {
    return URI.create(server.uri() + "/api/v3");
  }

  public List<Request> requests() {
    return server.requests();
  }

  /// Requests that are no reads.
  public List<Request> writes() {
    return server.requests().stream()
        .filter(r -> !r.method().equals("GET"))
        .filter(r -> !r.path().endsWith("/graphql") || r.text().contains("mutation"))
        .toList();
  }

  /// Answers in GitHub's place, where the function does not say null.
  public FakeGitHub instead(Function<Request, @Nullable Answer> answers) {
    before = answers;
    return this;
  }

  /// Lets GitHub do what it is asked, then gives another answer, where the function does not say
  /// null.
  public FakeGitHub afterwards(Function<Request, @Nullable Answer> answers) {
    after = answers;
    return this;
  }

  /// Leaves patches and line counts out of the list of files, as GitHub does for large files and
  /// late in a long list.
  public FakeGitHub withoutPatch(Predicate<String> paths) {
    pullRequest.withoutPatch = paths;
    return this;
  }

  /// Lists only the first files, as GitHub does from 3,000 on.
  public FakeGitHub listedFiles(int count) {
    pullRequest.listedFiles = count;
    return this;
  }

  /// Hides the repository from requests without the token.
  public FakeGitHub isPrivate() {
    isPrivate = true;
    return this;
  }

  /// Makes the pull request come from a fork.
  public FakeGitHub fromFork() {
    pullRequest.fork = true;
    return this;
  }

  /// Makes the token that of an app: it has no user, GraphQL calls it `guard[bot]`.
  public FakeGitHub asApp() {
    app = true;
    return this;
  }

  /// Refuses to close threads, as GitHub does without write access to contents.
  public FakeGitHub mayNotResolve() {
    mayResolve = false;
    return this;
  }

  public FakeGitHub title(String newTitle) {
    pullRequest.title = newTitle;
    return this;
  }

  /// Adds a comment of another account to the pull request's conversation.
  public void addForeignComment(String body) {
    discussion.addIssueComment(user(666, "mallory", "User"), body);
  }

  /// Adds a comment of another account to the first line that the diff shows of a file.
  public void addForeignLineComment(String path, String body) {
    int line =
        pullRequest.diff().stream()
            .filter(f -> f.path().equals(path))
            .findFirst()
            .orElseThrow()
            .right()
            .keySet()
            .iterator()
            .next();
    discussion.addLineComment(
        user(666, "mallory", "User"),
        mapper
            .createObjectNode()
            .put("path", path)
            .put("line", line)
            .put("body", body)
            .put("commit_id", pullRequest.head()));
  }

  /// Comments in the conversation, as GitHub gives them.
  public synchronized List<ObjectNode> issueComments() {
    return discussion.issueComments();
  }

  /// Comments on lines, as GitHub gives them.
  public synchronized List<ObjectNode> lineComments() {
    return discussion.lineComments();
  }

  public synchronized List<ObjectNode> reviews() {
    return discussion.reviews();
  }

  /// Whether the thread of a comment on a line is closed.
  public synchronized boolean isResolved(long comment) {
    return discussion.isResolved(comment);
  }

  /// Closes or opens a thread, as a person does.
  public synchronized void setResolved(long comment, boolean resolved) {
    discussion.setResolved(FakeDiscussion.threadOf(comment), resolved);
  }

  /// Removes a comment on a line, as a person does.
  public synchronized void deleteLineComment(long comment) {
    discussion.deleteLineComment(comment);
  }

  /// Pull requests opened through the API.
  public synchronized List<ObjectNode> opened() {
    return List.copyOf(drafts);
  }

  private synchronized Answer answer(Request request) {
    @Nullable Answer instead = before.apply(request);
    if (instead != null) {
      return instead;
    }
    Answer answer;
    try {
      answer = route(request);
    } catch (Refused e) {
      answer = refusal(e.status, e.getMessage());
    }
    @Nullable Answer other = after.apply(request);
    return other != null ? other : answer;
  }

  /// An error in GitHub's JSON.
  public static Answer.Reply refusal(int status, String message) {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("message", status == 422 ? "Unprocessable Entity" : message);
    if (status == 422) {
      json.putArray("errors").add(message);
    }
    json.put("documentation_url", "https://docs.github.com/rest").put("status", status + "");
    return Answer.json(status, json.toString());
  }

  private Answer route(Request request) {
    String authorization = request.headers().getOrDefault("authorization", "");
    boolean known = authorization.equals("Bearer " + TOKEN);
    if (!authorization.isEmpty() && !known) {
      throw new Refused(401, "Bad credentials");
    }
    if (isPrivate && !known) {
      throw new Refused(404, "Not Found");
    }
    if (!request.method().equals("GET") && !known) {
      throw new Refused(401, "Requires authentication");
    }
    String path = URLDecoder.decode(request.path().replace("+", "%2B"), StandardCharsets.UTF_8);
    if (path.equals("/api/v3/user")) {
      return known && !app
          ? json(200, self())
          : refusal(known ? 403 : 401, "Resource not accessible by integration");
    }
    if (path.equals("/api/graphql")) {
      return json(200, discussion.graphQl(body(request), self(), mayResolve));
    }
    if (!path.startsWith(ROOT + "/")) {
      throw new Refused(404, "Not Found");
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", 3);
    String rest = parts.length > 2 ? parts[2] : "";
    return switch (parts[0]) {
      case "pulls" -> pulls(request, parts.length > 1 ? parts[1] : "", rest);
      case "issues" -> issues(request, parts[1], rest);
      case "compare" -> json(200, pullRequest.comparison());
      case "git" -> gitData(request, parts[1], rest);
      default -> throw new Refused(404, "Not Found");
    };
  }

  private Answer pulls(Request request, String what, String rest) {
    String route = request.method() + " " + (what.equals(NUMBER + "") ? "N" : what) + " " + rest;
    if (what.equals("comments")) {
      return json(
          200,
          discussion.editLineComment(
              self(), Long.parseLong(rest), body(request).path("body").asText("")));
    }
    if (route.startsWith("GET N reviews/")) {
      long review = Long.parseLong(rest.split("/", -1)[1]);
      return page(request, discussion.lineCommentsOfReview(review));
    }
    if (route.startsWith("PATCH ")) {
      ObjectNode draft =
          drafts.stream()
              .filter(d -> d.path("number").asText().equals(what))
              .findFirst()
              .orElseThrow(() -> new AssertionError("edits pull request " + what));
      JsonNode body = body(request);
      draft.put("title", body.path("title").asText()).put("body", body.path("body").asText());
      return json(200, draft);
    }
    return switch (route) {
      case "GET N " -> json(200, pullRequest.json(pullUrl()));
      case "GET N files" -> page(request, pullRequest.files());
      case "GET N comments" -> page(request, discussion.lineComments());
      case "POST N comments" -> json(201, discussion.addLineComment(self(), body(request)));
      case "POST N reviews" -> json(200, discussion.addReview(self(), body(request)));
      case "GET  " -> page(request, drafts);
      case "POST  " -> json(201, open(body(request)));
      default -> throw new Refused(404, "Not Found");
    };
  }

  private Answer issues(Request request, String what, String rest) {
    String method = request.method();
    if (what.equals("comments") && method.equals("PATCH")) {
      String body = body(request).path("body").asText("");
      return json(200, discussion.editIssueComment(self(), Long.parseLong(rest), body));
    }
    if (!what.equals(NUMBER + "") || !rest.equals("comments")) {
      throw new Refused(404, "Not Found");
    }
    return method.equals("GET")
        ? page(request, discussion.issueComments())
        : json(201, discussion.addIssueComment(self(), body(request).path("body").asText("")));
  }

  private Answer gitData(Request request, String what, String rest) {
    return switch (request.method() + " " + what) {
      case "GET blobs" -> Answer.bytes(200, "application/vnd.github.raw", git.blob(rest));
      case "GET trees" -> json(200, git.tree(rest, request.target().contains("recursive=1")));
      case "GET commits" -> json(200, git.commit(rest));
      case "GET ref" -> json(200, git.branch(rest.replaceFirst("^heads/", "")));
      case "POST blobs" -> json(201, git.addBlob(body(request)));
      case "POST trees" -> json(201, git.addTree(body(request)));
      case "POST commits" -> json(201, git.addCommit(body(request)));
      case "POST refs" -> {
        JsonNode body = body(request);
        yield json(
            201,
            setBranch(body.path("ref").asText("").replaceFirst("^refs/heads/", ""), body, true));
      }
      case "PATCH refs" ->
          json(200, setBranch(rest.replaceFirst("^heads/", ""), body(request), false));
      default -> throw new Refused(404, "Not Found");
    };
  }

  private ObjectNode setBranch(String name, JsonNode body, boolean create) {
    if (name.equals(headBranch) || name.equals(baseBranch)) {
      throw new AssertionError("writes to branch " + name);
    }
    return git.setBranch(name, body.path("sha").asText(""), create);
  }

  private ObjectNode open(JsonNode request) {
    String branch = request.path("head").asText("");
    int number = 100 + drafts.size();
    ObjectNode json = mapper.createObjectNode().put("number", number).put("state", "open");
    json.put("html_url", server.uri() + "/" + OWNER + "/" + REPO + "/pull/" + number);
    json.put("title", request.path("title").asText(""))
        .put("body", request.path("body").asText(""));
    json.put("draft", request.path("draft").asBoolean());
    json.putObject("head").put("ref", branch).put("sha", git.tip(branch));
    json.putObject("base").put("ref", request.path("base").asText(""));
    drafts.add(json);
    return json;
  }

  private ObjectNode self() {
    return app ? user(ACCOUNT_ID, "guard[bot]", "Bot") : user(ACCOUNT_ID, "guard", "User");
  }

  static ObjectNode user(long id, String login, String type) {
    return new JsonMapper().createObjectNode().put("login", login).put("id", id).put("type", type);
  }

  /// One page of a list, with the address of the next as GitHub gives it.
  private Answer page(Request request, List<ObjectNode> all) {
    int size = Math.min(100, parameter(request, "per_page", 30));
    int page = parameter(request, "page", 1);
    ArrayNode items = mapper.createArrayNode();
    all.stream().skip((page - 1L) * size).limit(size).forEach(items::add);
    Answer.Reply reply = json(200, items);
    if ((long) page * size >= all.size()) {
      return reply;
    }
    String address = server.uri() + request.path() + "?per_page=" + size + "&page=";
    return reply.header(
        "Link", "<" + address + (page + 1) + ">; rel=\"next\", <" + address + "9>; rel=\"last\"");
  }

  private static int parameter(Request request, String name, int otherwise) {
    for (String pair : request.target().replaceFirst("^[^?]*\\??", "").split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return Integer.parseInt(pair.substring(name.length() + 1));
      }
    }
    return otherwise;
  }

  private JsonNode body(Request request) {
    try {
      return mapper.readTree(request.text());
    } catch (JsonProcessingException e) {
      throw new Refused(400, "Problems parsing JSON");
    }
  }

  private static Answer.Reply json(int status, JsonNode json) {
    return Answer.json(status, json.toString());
  }

  @Override
  public void close() {
    server.close();
  }
}

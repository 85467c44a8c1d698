package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.testkit.FakeDiscussion.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// GitHub's git data API on a real repository.
final class FakeGitData {
  private final JsonMapper mapper = new JsonMapper();
  private final TestRepository repository;
  private final Map<String, byte[]> blobs = new HashMap<>();
  private final Map<String, ObjectNode> trees = new HashMap<>();

  FakeGitData(TestRepository repository) {
    this.repository = repository;
  }

  byte[] blob(String sha) {
    byte[] known = blobs.get(sha);
    if (known == null) {
      try {
        known = repository.run(new byte[0], "cat-file", "blob", sha);
      } catch (AssertionError e) {
        throw new Refused(404, "Not Found");
      }
      blobs.put(sha, known);
    }
    return known;
  }

  ObjectNode addBlob(JsonNode request) {
    byte[] bytes =
        request.path("encoding").asText("").equals("base64")
            ? Base64.getMimeDecoder().decode(request.path("content").asText(""))
            : request.path("content").asText("").getBytes(StandardCharsets.UTF_8);
    return sha(repository.run(bytes, "hash-object", "-w", "--stdin"));
  }

  ObjectNode tree(String treeish, boolean recursive) {
    return trees.computeIfAbsent(treeish + " " + recursive, _ -> readTree(treeish, recursive));
  }

  private ObjectNode readTree(String treeish, boolean recursive) {
    ObjectNode json = mapper.createObjectNode();
    json.put("sha", id(treeish + "^{tree}")).put("truncated", false);
    ArrayNode entries = json.putArray("tree");
    for (Entry entry : entries(treeish, recursive)) {
      entries
          .addObject()
          .put("path", entry.path)
          .put("mode", entry.mode)
          .put("type", entry.type)
          .put("sha", entry.sha);
    }
    return json;
  }

  /// A tree on top of another; whole files only.
  ObjectNode addTree(JsonNode request) {
    Map<String, String> index = new TreeMap<>();
    for (Entry entry : entries(request.path("base_tree").asText(""), true)) {
      if (!entry.type.equals("tree")) {
        index.put(entry.path, entry.mode + " " + entry.sha);
      }
    }
    for (JsonNode entry : request.path("tree")) {
      index.put(
          entry.path("path").asText(""),
          entry.path("mode").asText("") + " " + entry.path("sha").asText(""));
    }
    return sha(write("", index));
  }

  ObjectNode commit(String id) {
    if (!type(id).equals("commit")) {
      throw new Refused(404, "Not Found");
    }
    ObjectNode json = mapper.createObjectNode().put("sha", id);
    json.put("message", repository.git("log", "-1", "--format=%B", id).strip());
    json.putObject("tree").put("sha", id(id + "^{tree}"));
    ArrayNode parents = json.putArray("parents");
    for (String parent : repository.git("log", "-1", "--format=%P", id).strip().split(" ", -1)) {
      if (!parent.isEmpty()) {
        parents.addObject().put("sha", parent);
      }
    }
    return json;
  }

  ObjectNode addCommit(JsonNode request) {
    List<String> arguments =
        new ArrayList<>(List.of("commit-tree", request.path("tree").asText("")));
    request.path("parents").forEach(p -> arguments.addAll(List.of("-p", p.asText(""))));
    byte[] message = request.path("message").asText("").getBytes(StandardCharsets.UTF_8);
    return sha(repository.run(message, arguments.toArray(new String[0])));
  }

  ObjectNode branch(String name) {
    ObjectNode json = mapper.createObjectNode().put("ref", "refs/heads/" + name);
    json.putObject("object").put("type", "commit").put("sha", tip(name));
    return json;
  }

  ObjectNode setBranch(String name, String sha, boolean create) {
    boolean exists = exists("refs/heads/" + name);
    if (exists == create) {
      throw new Refused(422, create ? "Reference already exists" : "Reference does not exist");
    }
    repository.git("update-ref", "refs/heads/" + name, sha);
    return branch(name);
  }

  /// The commit that a branch is at. Asked at each request, so no process is started for it.
  String tip(String branch) {
    try {
      return Files.readString(repository.folder().resolve(".git/refs/heads/" + branch)).strip();
    } catch (NoSuchFileException e) {
      throw new Refused(404, "Not Found");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The id of a revision.
  private String id(String revision) {
    if (!exists(revision)) {
      throw new Refused(404, "Not Found");
    }
    return repository.id(revision);
  }

  private boolean exists(String revision) {
    try {
      repository.git("cat-file", "-e", revision);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private String type(String sha) {
    return exists(sha) ? repository.git("cat-file", "-t", sha).strip() : "";
  }

  private record Entry(String mode, String type, String sha, String path) {}

  private List<Entry> entries(String treeish, boolean recursive) {
    id(treeish);
    String listing =
        recursive
            ? repository.git("ls-tree", "-z", "-r", "-t", "--full-tree", treeish)
            : repository.git("ls-tree", "-z", "--full-tree", treeish);
    List<Entry> entries = new ArrayList<>();
    for (String line : listing.split("\0", -1)) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        String[] fields = line.substring(0, tab).split(" ", -1);
        entries.add(new Entry(fields[0], fields[1], fields[2], line.substring(tab + 1)));
      }
    }
    return entries;
  }

  /// Writes the folder `prefix` of an index and what is below it.
  private String write(String prefix, Map<String, String> index) {
    Map<String, String> here = new TreeMap<>();
    index.forEach((path, entry) -> {
      if (path.startsWith(prefix)) {
        String rest = path.substring(prefix.length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
          here.put(rest, entry);
        } else {
          here.put(rest.substring(0, slash), "040000");
        }
      }
    });
    ByteArrayOutputStream listing = new ByteArrayOutputStream();
    here.forEach((name, entry) -> {
      String line =
          entry.equals("040000")
              ? "040000 tree " + write(prefix + name + "/", index)
              : entry.replaceFirst(" ", entry.startsWith("160000") ? " commit " : " blob ");
      listing.writeBytes((line + "\t" + name + "\0").getBytes(StandardCharsets.UTF_8));
    });
    return new String(
            repository.run(listing.toByteArray(), "mktree", "-z"), StandardCharsets.US_ASCII)
        .strip();
  }

  private ObjectNode sha(byte[] id) {
    return sha(new String(id, StandardCharsets.US_ASCII));
  }

  private ObjectNode sha(String id) {
    return mapper.createObjectNode().put("sha", id.strip());
  }
}

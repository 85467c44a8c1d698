package dev.prguard.review.patch;

import dev.prguard.review.change.Change;
import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.patch.HeadFile.Opened;
import dev.prguard.review.patch.PatchVerifier.Candidate;
import dev.prguard.review.patch.PatchVerifier.Proof;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.PatchOutcome.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;

/// The fourth agent: makes fixes and offers those that it can prove. Each is proven alone, because
/// a reviewer may take it alone, and all of a file together, because the patch holds them all.
public final class PatchAgent {

  /// Each fix costs a scan and a parse of its file.
  private static final int MAX_DRAFTS = 200;

  private static final Duration TIME = Duration.ofSeconds(10);

  /// Lines shown to the model before and after those of the finding.
  private static final int LINES_AROUND = 10;

  private final BiFunction<String, byte[], List<Finding>> scanner;
  private final InstantSource clock;
  private final Duration time;

  /// @param scanner findings of the rules on any line of a file, given its path and bytes; the same
  ///   that made the findings
  public PatchAgent(BiFunction<String, byte[], List<Finding>> scanner, InstantSource clock) {
    this(scanner, clock, TIME);
  }

  /// @param time for proving; fixes that are not reached in it are rejected as such
  public PatchAgent(
      BiFunction<String, byte[], List<Finding>> scanner, InstantSource clock, Duration time) {
    this.scanner = scanner;
    this.clock = clock;
    this.time = time;
  }

  /// Makes fixes and proves them: [#draft], then [#prove].
  ///
  /// @param findings best first; where two fixes touch the same lines the first one wins
  /// @param model writes fixes that no rule knows, if the policy lets it
  public PatchOutcome propose(
      Change change, List<Finding> findings, PatchPolicy policy, Optional<FixWriter> model) {
    return prove(change, draft(change, findings, policy, model));
  }

  /// Collects the rules' own fixes and asks the model for others.
  public Drafts draft(
      Change change, List<Finding> findings, PatchPolicy policy, Optional<FixWriter> model) {
    PatchPolicy effective = model.isPresent() ? policy : PatchPolicy.SAFE;
    List<Finding> safe = findings.stream().filter(effective::allows).toList();
    Map<String, String> written = Map.of();
    if (model.isPresent()) {
      List<FixRequest> requests =
          requests(change, safe.stream().filter(effective::asksModel).toList());
      if (!requests.isEmpty()) {
        written = model.get().replacements(requests);
      }
    }
    List<Draft> drafts = new ArrayList<>();
    for (Finding finding : safe) {
      String suggestion = finding.suggestion();
      String replacement = written.get(finding.fingerprint());
      if (suggestion != null) {
        drafts.add(new Draft(finding, suggestion, Finding.Source.RULE));
      } else if (replacement != null && effective.asksModel(finding)) {
        drafts.add(new Draft(finding, replacement, Finding.Source.MODEL));
      }
    }
    return new Drafts(findings.size(), safe.size(), drafts);
  }

  private static List<FixRequest> requests(Change change, List<Finding> findings) {
    Map<String, Opened> files = new LinkedHashMap<>();
    List<FixRequest> requests = new ArrayList<>();
    for (Finding finding : findings) {
      Opened opened = files.computeIfAbsent(finding.path(), path -> HeadFile.open(change, path));
      HeadFile file = opened.file();
      if (file == null
          || finding.endLine() > file.lines().count()
          || requests.size() >= MAX_DRAFTS) {
        continue;
      }
      int first = Math.max(1, finding.line() - LINES_AROUND);
      int last = Math.min(file.lines().count(), finding.endLine() + LINES_AROUND);
      List<String> lines = new ArrayList<>();
      for (int line = first; line <= last; line++) {
        lines.add(file.lines().text(line));
      }
      requests.add(new FixRequest(finding, finding.path(), first, lines));
    }
    return requests;
  }

  /// Proves the fixes on the head, file by file.
  public PatchOutcome prove(Change change, Drafts drafts) {
    return prove(change, drafts, _ -> {});
  }

  /// @param progress is told how many fixes were looked at so far
  public PatchOutcome prove(Change change, Drafts drafts, IntConsumer progress) {
    try (SyntaxChecker syntax = new SyntaxChecker()) {
      return prove(change, drafts, syntax, progress);
    }
  }

  PatchOutcome prove(Change change, Drafts drafts, SyntaxChecker syntax) {
    return prove(change, drafts, syntax, _ -> {});
  }

  private PatchOutcome prove(
      Change change, Drafts drafts, SyntaxChecker syntax, IntConsumer progress) {
    Instant giveUp = clock.instant().plus(time);
    List<Rejection> rejected = new ArrayList<>();
    Map<String, List<Draft>> byPath = new LinkedHashMap<>();
    for (int i = 0; i < drafts.drafts().size(); i++) {
      Draft draft = drafts.drafts().get(i);
      if (i < MAX_DRAFTS) {
        byPath.computeIfAbsent(draft.finding().path(), path -> new ArrayList<>()).add(draft);
      } else {
        rejected.add(rejection(draft, Check.LIMITS, "over " + MAX_DRAFTS + " fixes"));
      }
    }
    List<Fix> fixes = new ArrayList<>();
    StringBuilder diff = new StringBuilder();
    for (Map.Entry<String, List<Draft>> entry : byPath.entrySet()) {
      Opened opened = HeadFile.open(change, entry.getKey());
      HeadFile head = opened.file();
      if (head == null) {
        entry.getValue().forEach(d -> rejected.add(rejection(d, opened.check(), opened.reason())));
      } else {
        diff.append(proveFile(head, entry.getValue(), syntax, giveUp, fixes, rejected, progress));
      }
    }
    String text = diff.isEmpty() ? null : diff.toString();
    return new PatchOutcome(
        drafts.issuesTotal(), drafts.issuesSafe(), fixes.size(), text, fixes, rejected, null);
  }

  /// Adds to `fixes` and `rejected`; gives the diff of the proven fixes together.
  private String proveFile(
      HeadFile head,
      List<Draft> drafts,
      SyntaxChecker syntax,
      Instant giveUp,
      List<Fix> fixes,
      List<Rejection> rejected,
      IntConsumer progress) {
    int before = fixes.size() + rejected.size();
    if (!clock.instant().isBefore(giveUp)) {
      drafts.forEach(draft -> rejected.add(late(draft)));
      return "";
    }
    PatchVerifier verifier = new PatchVerifier(scanner, syntax, head);
    Map<Candidate, Proof> proven = new LinkedHashMap<>();
    for (int i = 0; i < drafts.size(); i++) {
      progress.accept(before + i);
      Draft draft = drafts.get(i);
      if (!clock.instant().isBefore(giveUp)) {
        rejected.add(late(draft));
        continue;
      }
      Proof proof = verifier.admit(draft);
      if (proof.failed() == null) {
        Candidate candidate = new Candidate(draft, verifier.edit(draft));
        Optional<Candidate> other =
            proven.keySet().stream().filter(c -> c.edit().overlaps(candidate.edit())).findFirst();
        if (other.isPresent()) {
          String rule = other.get().draft().finding().rule();
          proof = Proof.failed(Check.OVERLAP, "the fix of " + rule + " changes the same lines");
        } else {
          proof = verifier.prove(List.of(candidate));
          if (proof.failed() == null) {
            proven.put(candidate, proof);
          }
        }
      }
      Check failed = proof.failed();
      if (failed != null) {
        rejected.add(rejection(draft, failed, proof.reason()));
      }
    }
    List<Candidate> together = together(verifier, proven, giveUp, rejected);
    for (Map.Entry<Candidate, Proof> entry : proven.entrySet()) {
      if (together.contains(entry.getKey())) {
        fixes.add(fix(entry.getKey().draft(), entry.getValue().passed()));
      }
    }
    List<Edit> edits = together.stream().map(Candidate::edit).toList();
    return edits.isEmpty() ? "" : UnifiedDiffWriter.write(head, edits);
  }

  /// Those of the fixes that hold together, in order of their lines: all of them at best; else the
  /// best one, and each next one that goes with those before it.
  private List<Candidate> together(
      PatchVerifier verifier,
      Map<Candidate, Proof> proven,
      Instant giveUp,
      List<Rejection> rejected) {
    List<Candidate> all = byLine(List.copyOf(proven.keySet()));
    if (all.size() < 2 || verifier.prove(all).failed() == null) {
      return all;
    }
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : proven.keySet()) {
      List<Candidate> more = new ArrayList<>(kept);
      more.add(candidate);
      if (!clock.instant().isBefore(giveUp) && !kept.isEmpty()) {
        rejected.add(late(candidate.draft()));
        continue;
      }
      Proof proof = verifier.prove(byLine(more));
      if (proof.failed() == null) {
        kept.add(candidate);
      } else {
        rejected.add(rejection(candidate.draft(), Check.TOGETHER, proof.reason()));
      }
    }
    return byLine(kept);
  }

  private static List<Candidate> byLine(List<Candidate> candidates) {
    return candidates.stream().sorted(Comparator.comparingInt(c -> c.edit().line())).toList();
  }

  private static Fix fix(Draft draft, List<String> passed) {
    Finding finding = draft.finding();
    return new Fix(
        finding.fingerprint(),
        finding.path(),
        finding.line(),
        finding.endLine(),
        draft.replacement(),
        draft.author(),
        passed);
  }

  private Rejection late(Draft draft) {
    return rejection(
        draft,
        Check.LIMITS,
        "could not be checked within " + time.toMillis() + " ms for all fixes");
  }

  private static Rejection rejection(Draft draft, Check check, String reason) {
    Finding finding = draft.finding();
    return new Rejection(
        finding.fingerprint(), finding.path(), finding.line(), check.label(), reason);
  }
}

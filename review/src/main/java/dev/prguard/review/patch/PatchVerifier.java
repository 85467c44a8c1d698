package dev.prguard.review.patch;

import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffConflictException;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.patch.SyntaxChecker.Broken;
import dev.prguard.review.patch.SyntaxChecker.NoGrammar;
import dev.prguard.review.patch.SyntaxChecker.Parses;
import dev.prguard.review.patch.SyntaxChecker.TimedOut;
import dev.prguard.review.patch.SyntaxChecker.Verdict;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Proves fixes of one file on its exact bytes; what is not proven is refused, with the check that
/// failed. The checks do not trust the author of a fix, be it a rule or the model.
final class PatchVerifier {

  /// Equal lines of a file have fingerprints that differ in a counter only; look this far.
  private static final int MAX_OCCURRENCES = 100;

  /// A fix and the edit that it stands for.
  record Candidate(Draft draft, Edit edit) {}

  /// Whether one fix, or several together, passed.
  ///
  /// @param passed labels of the checks, in order
  /// @param failed the check that was not passed, null when all were
  record Proof(List<String> passed, @Nullable Check failed, String reason) {
    Proof {
      passed = List.copyOf(passed);
    }

    static Proof failed(Check check, String reason) {
      return new Proof(List.of(), check, reason);
    }
  }

  private final BiFunction<String, byte[], List<Finding>> scanner;
  private final SyntaxChecker syntax;
  private final HeadFile head;
  private final byte[] headBytes;
  private final RuleLines before;
  private final Verdict verdict;
  private final MeaningGuard meaning;

  /// @param scanner findings of the rules on any line of a file, given its path and bytes
  PatchVerifier(
      BiFunction<String, byte[], List<Finding>> scanner, SyntaxChecker syntax, HeadFile head) {
    this.scanner = scanner;
    this.syntax = syntax;
    this.head = head;
    this.headBytes = head.lines().bytes();
    this.before = new RuleLines(scanner.apply(head.path(), headBytes));
    this.verdict = syntax.check(head.path(), headBytes);
    this.meaning = new MeaningGuard(syntax, head.path(), head.lines());
  }

  /// The edit that the fix stands for, if the finding is where it says and its lines may be
  /// touched; else the reason.
  Proof admit(Draft draft) {
    Finding finding = draft.finding();
    if (finding.side() != Finding.Side.NEW
        || finding.line() < 1
        || finding.endLine() > head.lines().count()) {
      return Proof.failed(Check.QUOTE, "the file has no such lines");
    }
    if (!isThere(finding)) {
      return Proof.failed(Check.QUOTE, "the line is not the one that was found");
    }
    if (head.changed().nextClearBit(finding.line()) <= finding.endLine()) {
      return Proof.failed(Check.RANGE, "the change does not add all of these lines");
    }
    if (head.showsSecret(finding.line(), finding.endLine())) {
      return Proof.failed(Check.TEXT, "the patch would show a secret");
    }
    String objection = ReplacementText.objection(draft.replacement());
    if (objection != null) {
      return Proof.failed(Check.TEXT, objection);
    }
    if (!before.objects(finding.rule(), finding.line())) {
      return Proof.failed(Check.RULES, "the rules do not see this finding in the file");
    }
    return new Proof(List.of(), null, "");
  }

  Edit edit(Draft draft) {
    Finding finding = draft.finding();
    return head.lines().edit(finding.line(), finding.endLine(), draft.replacement());
  }

  private boolean isThere(Finding finding) {
    String text = head.lines().text(finding.line());
    if (finding.quote().equals(text)) {
      return true;
    }
    // A quote with a secret in it is redacted; the fingerprint was made from the line itself.
    for (int i = 0; i < MAX_OCCURRENCES; i++) {
      if (Fingerprint.of(finding.rule(), finding.path(), text, i).equals(finding.fingerprint())) {
        return true;
      }
    }
    return false;
  }

  /// Proves fixes applied together to the head.
  ///
  /// @param candidates in order of their lines, without overlaps, each admitted
  Proof prove(List<Candidate> candidates) {
    List<Edit> edits = candidates.stream().map(Candidate::edit).toList();
    FileLines fixed = head.lines().with(edits);
    byte[] bytes = fixed.bytes();
    List<String> passed = new ArrayList<>();
    passed.add(Check.HEAD.label());
    passed.add(Check.QUOTE.label());
    if (Arrays.equals(bytes, headBytes)) {
      return Proof.failed(Check.RANGE, "it changes nothing");
    }
    if (!differsOnlyWithin(edits, fixed)) {
      return Proof.failed(Check.RANGE, "it changes other lines");
    }
    passed.add(Check.RANGE.label());
    passed.add(Check.TEXT.label());
    if (movesOnlyBlanks(candidates)) {
      passed.add(Check.SYNTAX.label());
    } else {
      Proof parses = parses(candidates, bytes);
      if (parses.failed() != null) {
        return parses;
      }
      passed.addAll(parses.passed());
      Optional<String> change = meaning.objection(candidates);
      if (change.isPresent()) {
        return Proof.failed(Check.MEANING, change.get());
      }
    }
    if (meaning.guards(candidates)) {
      passed.add(Check.MEANING.label());
    }
    RuleLines after = new RuleLines(scanner.apply(head.path(), bytes));
    String objection =
        RuleLines.objection(
            before,
            after,
            edits,
            candidates.stream().map(c -> c.draft().finding().rule()).toList());
    if (objection != null) {
      return Proof.failed(Check.RULES, objection);
    }
    passed.add(Check.RULES.label());
    if (!applies(UnifiedDiffWriter.write(head, edits), bytes)) {
      return Proof.failed(Check.APPLIES, "the patch does not give the fixed file");
    }
    passed.add(Check.APPLIES.label());
    return new Proof(passed, null, "");
  }

  /// A style fix alone that leaves all tokens as they are, told without parsing the file once more:
  /// parsing a file of 4,500 lines takes most of a second. All of a file's fixes together are
  /// parsed in any case.
  private boolean movesOnlyBlanks(List<Candidate> candidates) {
    return candidates.size() == 1
        && verdict instanceof Parses
        && ParsedLanguage.of(head.path()).isCode()
        && candidates.getFirst().draft().finding().category() == Finding.Category.STYLE
        && meaning.isBlankChange(candidates.getFirst().edit());
  }

  /// Compares the two files without the edits' help, from their two ends and between the edits.
  private boolean differsOnlyWithin(List<Edit> edits, FileLines fixed) {
    int line = 1;
    int shift = 0;
    for (Edit edit : edits) {
      for (; line < edit.line(); line++) {
        if (!head.lines().raw(line).equals(fixed.raw(line + shift))) {
          return false;
        }
      }
      line = edit.endLine() + 1;
      shift += edit.growth();
    }
    if (head.lines().count() + shift != fixed.count()) {
      return false;
    }
    for (; line <= head.lines().count(); line++) {
      if (!head.lines().raw(line).equals(fixed.raw(line + shift))) {
        return false;
      }
    }
    return true;
  }

  private Proof parses(List<Candidate> candidates, byte[] bytes) {
    return switch (verdict) {
      case TimedOut late -> Proof.failed(Check.SYNTAX, "could not be checked: " + late.reason());
      case NoGrammar none -> whitespaceOnly(candidates, none.reason());
      case Parses _ -> parses(candidates, List.of(), bytes);
      case Broken broken -> parses(candidates, broken.errors(), bytes);
    };
  }

  private Proof parses(List<Candidate> candidates, List<SyntaxError> old, byte[] bytes) {
    boolean data =
        ParsedLanguage.of(head.path()) == ParsedLanguage.JSON
            || ParsedLanguage.of(head.path()) == ParsedLanguage.YAML;
    if (data && !old.isEmpty()) {
      return whitespaceOnly(candidates, "the file did not parse before");
    }
    return switch (syntax.check(head.path(), bytes)) {
      case Parses _ -> new Proof(List.of(Check.SYNTAX.label()), null, "");
      case TimedOut late -> Proof.failed(Check.SYNTAX, "could not be checked: " + late.reason());
      case NoGrammar none -> Proof.failed(Check.SYNTAX, "could not be checked: " + none.reason());
      case Broken broken -> {
        List<Edit> edits = candidates.stream().map(Candidate::edit).toList();
        yield areOld(broken.errors(), old, edits)
            ? new Proof(List.of(Check.SYNTAX.label() + " as before"), null, "")
            : Proof.failed(Check.SYNTAX, "the file has a new syntax error");
      }
    };
  }

  /// Whether each error was there before, at the same place, away from the edits.
  private boolean areOld(List<SyntaxError> errors, List<SyntaxError> old, List<Edit> edits) {
    if (errors.size() >= SyntaxChecker.MAX_ERRORS) {
      return false;
    }
    for (SyntaxError error : errors) {
      int shift = 0;
      for (Edit edit : edits) {
        int start = head.lines().offset(edit.line());
        int length = edit.lines().stream().mapToInt(String::length).sum();
        if (error.end() < start + shift) {
          break;
        }
        if (error.start() <= start + shift + length) {
          return false;
        }
        shift += length - (head.lines().offset(edit.endLine() + 1) - start);
      }
      if (!old.contains(
          new SyntaxError(error.start() - shift, error.end() - shift, error.kind()))) {
        return false;
      }
    }
    return true;
  }

  /// Where nobody can say whether the file still parses, only blanks at the ends of lines may
  /// change.
  private Proof whitespaceOnly(List<Candidate> candidates, String why) {
    for (Candidate candidate : candidates) {
      String objection = Whitespace.objection(head, candidate.edit());
      if (objection != null) {
        return Proof.failed(Check.SYNTAX, why + ", and " + objection);
      }
    }
    return new Proof(List.of("whitespace only (" + why + ")"), null, "");
  }

  /// What `git apply` would do with the text.
  static boolean applies(String diff, byte[] old, byte[] expected) {
    try {
      PullRequestDiff parsed = DiffParser.parse(diff.getBytes(StandardCharsets.UTF_8));
      return parsed.files().size() == 1
          && Arrays.equals(DiffApplier.apply(parsed.files().getFirst(), old), expected);
    } catch (DiffSyntaxException | DiffConflictException e) {
      return false;
    }
  }

  private boolean applies(String diff, byte[] expected) {
    return applies(diff, headBytes, expected);
  }
}

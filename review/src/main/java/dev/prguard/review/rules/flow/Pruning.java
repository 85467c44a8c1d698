package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.PythonOutline;
import dev.prguard.review.rules.code.PythonOutline.Unit;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Leaves out of a Python text the functions in which nothing can be found: neither they nor what
/// they call has the words of a sink (see [FlowNeeds]). Parsing is most of the work on a large
/// file, and most functions are of that kind. Lines keep their numbers.
public final class Pruning {

  /// @param lines with empty ones in the place of what is left out; none when there is nothing
  /// @param whole whether nothing was left out
  public record Worth(List<String> lines, boolean whole) {
    public static final Worth NOTHING = new Worth(List.of(), false);
  }

  private final FlowNeeds needs;
  private final List<String> lines;
  private final List<Unit> units;
  private final WordTable names = new WordTable();
  private final List<BitSet> words = new ArrayList<>();
  private final List<BitSet> mentions = new ArrayList<>();
  private final Map<String, BitSet> classes = new HashMap<>();
  private final List<BitSet> byName = new ArrayList<>();

  private Pruning(FlowNeeds needs, List<String> lines) {
    this.needs = needs;
    this.lines = lines;
    units = PythonOutline.of(lines);
  }

  /// What of a text is worth parsing.
  public static Worth of(FlowNeeds needs, List<String> lines) {
    return new Pruning(needs, lines).run();
  }

  private Worth run() {
    FlowNeeds.Found inText = needs.found(lines);
    if (!needs.mayMatch(inText.words(), inText)) {
      return Worth.NOTHING;
    }
    for (int i = 0; i < units.size(); i++) {
      int name = names.number(units.get(i).name());
      while (byName.size() <= name) {
        byName.add(new BitSet());
      }
      byName.get(name).set(i);
      if (!units.get(i).owner().isEmpty()) {
        classes.computeIfAbsent(units.get(i).owner(), _ -> new BitSet()).set(i);
      }
    }
    BitSet outside = new BitSet();
    outside.set(0, lines.size());
    for (Unit unit : units) {
      outside.clear(unit.first(), unit.end());
      words.add(new BitSet());
      mentions.add(new BitSet());
      collect(unit.first(), unit.end(), words.getLast(), mentions.getLast());
    }
    BitSet outsideWords = new BitSet();
    BitSet outsideNames = new BitSet();
    outside.stream().forEach(i -> collect(i, i + 1, outsideWords, outsideNames));
    BitSet kept = new BitSet();
    boolean any = keep(called(outsideNames), outsideWords, inText, kept);
    for (int i = 0; i < units.size(); i++) {
      if (!kept.get(i)) {
        BitSet one = new BitSet();
        one.set(i);
        any |= keep(closure(one), outsideWords, inText, kept);
      }
    }
    if (!any) {
      return Worth.NOTHING;
    }
    return kept.cardinality() == units.size()
        ? new Worth(lines, true)
        : new Worth(without(kept), false);
  }

  private void collect(int from, int to, BitSet wordsFound, BitSet namesFound) {
    for (int i = from; i < to; i++) {
      needs.collect(lines.get(i), wordsFound);
      names.collect(lines.get(i), namesFound);
    }
  }

  /// Keeps some functions when something can be found in them.
  private boolean keep(BitSet some, BitSet outside, FlowNeeds.Found inText, BitSet kept) {
    BitSet all = (BitSet) outside.clone();
    some.stream().forEach(i -> all.or(words.get(i)));
    boolean may = needs.mayMatch(all, inText);
    if (may) {
      kept.or(some);
    }
    return may;
  }

  private BitSet called(BitSet namesFound) {
    BitSet found = new BitSet();
    namesFound.stream().forEach(name -> found.or(byName.get(name)));
    return closure(found);
  }

  /// With all that they call, as deep as it is gone into, and what makes their objects.
  private BitSet closure(BitSet from) {
    BitSet all = (BitSet) from.clone();
    BitSet latest = from;
    for (int depth = 0; depth <= Definitions.MAX_DEPTH && !latest.isEmpty(); depth++) {
      BitSet next = new BitSet();
      for (int i = latest.nextSetBit(0); i >= 0; i = latest.nextSetBit(i + 1)) {
        mentions.get(i).stream().forEach(name -> next.or(byName.get(name)));
        BitSet siblings = classes.get(units.get(i).owner());
        if (siblings != null) {
          siblings.stream()
              .filter(each -> ClassRun.CONSTRUCTORS.contains(units.get(each).name()))
              .forEach(next::set);
        }
      }
      next.andNot(all);
      all.or(next);
      latest = next;
    }
    return all;
  }

  private List<String> without(BitSet kept) {
    List<String> result = new ArrayList<>(lines);
    for (int i = 0; i < units.size(); i++) {
      if (!kept.get(i)) {
        Unit unit = units.get(i);
        // A class needs something in it.
        String indent = lines.get(unit.first()).substring(0, unit.indent());
        result.set(unit.first(), indent + "pass");
        for (int line = unit.first() + 1; line < unit.end(); line++) {
          result.set(line, "");
        }
      }
    }
    return result;
  }
}

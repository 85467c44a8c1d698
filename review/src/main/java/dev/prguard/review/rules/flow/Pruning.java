package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.PythonOutline;
import dev.prguard.review.rules.code.PythonOutline.Unit;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
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
  private final List<String> code;
  private final List<Unit> units;
  private final WordTable names = new WordTable();
  private final List<FlowNeeds.Found> found = new ArrayList<>();
  private final List<BitSet> mentions = new ArrayList<>();
  private final Map<String, BitSet> classes = new HashMap<>();
  private final List<BitSet> byName = new ArrayList<>();

  private Pruning(FlowNeeds needs, List<String> lines) {
    this.needs = needs;
    this.lines = lines;
    PythonOutline outline = PythonOutline.of(lines);
    units = outline.units();
    code = outline.code();
  }

  /// What of a text is worth parsing.
  public static Worth of(FlowNeeds needs, List<String> lines) {
    return new Pruning(needs, lines).run();
  }

  private Worth run() {
    if (!needs.mayMatch(needs.found(code))) {
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
    List<String> outside = new ArrayList<>(code);
    for (Unit unit : units) {
      List<String> own = code.subList(unit.first(), unit.end());
      found.add(needs.found(own));
      mentions.add(mentioned(own));
      Collections.fill(outside.subList(unit.first(), unit.end()), "");
    }
    FlowNeeds.Found foundOutside = needs.found(outside);
    BitSet kept = new BitSet();
    boolean any = keep(called(mentioned(outside)), foundOutside, kept);
    for (int i = 0; i < units.size(); i++) {
      if (!kept.get(i)) {
        BitSet one = new BitSet();
        one.set(i);
        any |= keep(closure(one), foundOutside, kept);
      }
    }
    if (!any) {
      return Worth.NOTHING;
    }
    return kept.cardinality() == units.size()
        ? new Worth(lines, true)
        : new Worth(without(kept), false);
  }

  private BitSet mentioned(List<String> some) {
    BitSet mentioned = new BitSet();
    some.forEach(line -> names.collect(line, mentioned));
    return mentioned;
  }

  /// Keeps some functions when something can be found in them.
  private boolean keep(BitSet some, FlowNeeds.Found outside, BitSet kept) {
    boolean may = needs.mayMatch(outside.with(some.stream().mapToObj(found::get).toList()));
    if (may) {
      kept.or(some);
    }
    return may;
  }

  private BitSet called(BitSet namesFound) {
    BitSet called = new BitSet();
    namesFound.stream().forEach(name -> called.or(byName.get(name)));
    return closure(called);
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

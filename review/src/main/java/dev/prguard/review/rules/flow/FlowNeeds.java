package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.words.KeywordIndex;
import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must be written in a text for any rule's flow to find something in it: the words of a
/// sink's name and of its named arguments, and the words of a source where only what comes from one
/// counts. Most files have none of that, and need not be parsed.
///
/// A name that a program puts together from parts (`getattr(os, "sys" + "tem")`) is not seen.
public final class FlowNeeds {

  /// Names that the small form has of its own, see [NamedSinks].
  private static final Set<String> MADE =
      Set.of(
          "var=",
          "return=",
          "mark=",
          "method=",
          "items=",
          "endless=",
          "each=",
          "keyed=",
          "compare=",
          "decides=",
          "spread=",
          "index=",
          "field=",
          "dispatch=");

  /// Words that it writes for what has none in the text.
  private final Set<String> written;

  /// @param all words that must be there
  /// @param any of each at least one
  /// @param values of each at least one, see [Wants]
  /// @param texts of each at least one, in whatever case
  /// @param labels of sources, one of which must be there; 0 for no need
  private record Need(
      BitSet all, List<BitSet> any, List<BitSet> values, List<BitSet> texts, long labels) {}

  /// @param all words that must be there
  /// @param any of each at least one
  private record Way(BitSet all, List<BitSet> any, long label) {}

  private final WordTable words = new WordTable();

  /// With a number each, in order.
  private final Map<String, Integer> texts = new LinkedHashMap<>();

  private KeywordIndex textIndex = new KeywordIndex(List.of());
  private final int resource = words.number("getResourceAsStream");
  private final int mark = words.number("@");
  private final List<Way> ways = new ArrayList<>();

  /// By one of their words.
  private final List<List<Need>> byWord = new ArrayList<>();

  private final List<Need> wordless = new ArrayList<>();

  FlowNeeds(Set<String> written) {
    this.written = written;
  }

  void source(CallPattern pattern, long label) {
    // environ["X"] is read as environ.get("X").
    List<List<String>> words =
        pattern.words().contains(List.of("environ"))
            ? pattern.words().stream().filter(each -> !each.equals(List.of("get"))).toList()
            : pattern.words();
    ways.add(new Way(single(words), either(words), label));
  }

  /// @param each words that are all there where a parameter is a source
  void source(List<String> each, long label) {
    ways.add(new Way(numbers(each), List.of(), label));
  }

  /// @param each words of which one is there where a parameter is a source
  void anyOf(List<String> each, long label) {
    ways.add(new Way(new BitSet(), List.of(numbers(each)), label));
  }

  /// @param mark pattern of the decorator or annotation that makes a parameter a source
  void mark(String mark, long label) {
    for (CallPattern pattern : CallPattern.parse(mark)) {
      List<List<String>> each = pattern.words();
      List<String> last =
          each.isEmpty() ? List.of() : each.getLast().stream().map(word -> '@' + word).toList();
      ways.add(new Way(single(List.of(last)), either(List.of(last)), label));
    }
  }

  /// Words for which there is no other.
  private BitSet single(List<List<String>> each) {
    BitSet all = new BitSet();
    for (List<String> one : each) {
      if (one.size() == 1 && !written.contains(one.getFirst())) {
        all.set(words.number(one.getFirst()));
      }
    }
    return all;
  }

  /// Those that stand for one another; where one of them need not be written, none does.
  private List<BitSet> either(List<List<String>> each) {
    List<BitSet> any = new ArrayList<>(1);
    for (List<String> one : each) {
      boolean all = one.size() > 1;
      for (int i = 0; all && i < one.size(); i++) {
        all = !written.contains(one.get(i));
      }
      if (all) {
        any.add(numbers(one));
      }
    }
    return any;
  }

  void sink(CallPattern pattern, FlowModel.Sink sink) {
    Wants wants = pattern.wants();
    List<BitSet> names = either(pattern.words());
    List<BitSet> any = new ArrayList<>(names);
    for (List<String> each : wants.any()) {
      any.add(numbers(each));
    }
    List<BitSet> values = new ArrayList<>(wants.values().size());
    for (List<String> each : wants.values()) {
      values.add(numbers(each));
    }
    List<BitSet> texts = new ArrayList<>(wants.texts().size());
    for (List<String> each : wants.texts()) {
      texts.add(textNumbers(each));
    }
    if (!sink.imports().isEmpty()) {
      List<String> modules = new ArrayList<>();
      sink.imports().forEach(module -> modules.add(WordTable.split(module).getLast()));
      any.add(numbers(modules));
    }
    Need need =
        new Need(
            single(pattern.words()),
            any,
            values,
            texts,
            wants.tainted() ? sink.scope().labels() : 0);
    if (!need.all().isEmpty()) {
      list(need.all().length() - 1).add(need);
    } else if (!names.isEmpty()) {
      names.getLast().stream().forEach(word -> list(word).add(need));
    } else {
      wordless.add(need);
    }
  }

  private List<Need> list(int word) {
    while (byWord.size() <= word) {
      byWord.add(new ArrayList<>(2));
    }
    return byWord.get(word);
  }

  private BitSet numbers(List<String> each) {
    BitSet numbers = new BitSet();
    for (String word : each) {
      if (!written.contains(word)) {
        numbers.set(words.number(word));
      }
    }
    return numbers;
  }

  private BitSet textNumbers(List<String> each) {
    BitSet numbers = new BitSet();
    for (String text : each) {
      numbers.set(texts.computeIfAbsent(text, _ -> texts.size()));
    }
    return numbers;
  }

  /// To be called when all are there.
  void done() {
    textIndex = new KeywordIndex(texts.keySet().stream().map(List::of).toList());
  }

  static boolean isMade(String segment) {
    return MADE.contains(segment);
  }

  /// What is found in some lines. The texts are looked for when the first is asked for.
  private final class Found {
    private final List<String> lines;
    private final BitSet words = new BitSet();
    private @Nullable BitSet texts;

    private Found(List<String> lines) {
      this.lines = lines;
      lines.forEach(line -> collect(line, words));
    }

    private BitSet texts() {
      BitSet known = texts;
      if (known == null) {
        known = new BitSet();
        for (String line : lines) {
          for (int each : textIndex.owners(line)) {
            known.set(each);
          }
        }
        texts = known;
      }
      return known;
    }
  }

  private void collect(String line, BitSet found) {
    words.collect(line, found);
    if (line.indexOf('@') >= 0) {
      found.set(mark);
    }
    for (int at = line.indexOf('@'); at >= 0; at = line.indexOf('@', at + 1)) {
      int from = at + 1;
      for (int i = from; i <= line.length(); i++) {
        if (i == line.length() || !WordTable.isWord(line.charAt(i))) {
          words.find('@' + line.substring(from, i)).ifPresent(found::set);
          from = i + 1;
          if (i == line.length() || line.charAt(i) != '.') {
            break;
          }
        }
      }
    }
  }

  /// What a text has in it of what flows are made of.
  ///
  /// @param alone whether a flow could be found in it
  /// @param gives labels of sources whose words are in it
  /// @param wants labels of the sources that count for the sinks whose words are in it
  public record Held(boolean alone, long gives, long wants) {
    /// Of a text of which nothing counts.
    public static final Held NOTHING = new Held(false, 0, 0);
  }

  public Held held(List<String> lines) {
    Found found = new Found(lines);
    long gives = labels(found.words);
    long wants = wanted(wordless, found);
    for (int word = found.words.nextSetBit(0);
        word >= 0 && word < byWord.size();
        word = found.words.nextSetBit(word + 1)) {
      wants |= wanted(byWord.get(word), found);
    }
    return new Held(mayMatch(found, gives), gives, wants);
  }

  /// What is wanted with a sink that is all there but for where its value comes from.
  private static long wanted(List<Need> needs, Found found) {
    long labels = 0;
    for (Need need : needs) {
      if ((need.labels() & ~labels) != 0
          && all(need.all(), found.words)
          && intersects(need.any(), found.words)) {
        labels |= need.labels();
      }
    }
    return labels;
  }

  private long labels(BitSet here) {
    long labels = 0;
    for (Way way : ways) {
      if ((labels & way.label()) == 0 && all(way.all(), here) && intersects(way.any(), here)) {
        labels |= way.label();
      }
    }
    return labels;
  }

  /// Whether a flow could be found in a text.
  public boolean mayMatch(List<String> lines) {
    Found found = new Found(lines);
    return mayMatch(found, labels(found.words));
  }

  private boolean mayMatch(Found found, long labels) {
    BitSet here = found.words;
    for (int word = here.nextSetBit(0); word >= 0; word = here.nextSetBit(word + 1)) {
      if (word < byWord.size() && any(byWord.get(word), found, labels)) {
        return true;
      }
    }
    return any(wordless, found, labels);
  }

  private boolean any(List<Need> needs, Found found, long labels) {
    for (Need need : needs) {
      if ((need.labels() == 0 || (need.labels() & labels) != 0)
          && all(need.all(), found.words)
          && intersects(need.any(), found.words)
          // What a program reads from a file of its own is not in its text.
          && (found.words.get(resource)
              || (intersects(need.values(), found.words)
                  && (need.texts().isEmpty() || intersects(need.texts(), found.texts()))))) {
        return true;
      }
    }
    return false;
  }

  private static boolean intersects(List<BitSet> each, BitSet found) {
    for (BitSet one : each) {
      if (!one.isEmpty() && !one.intersects(found)) {
        return false;
      }
    }
    return true;
  }

  private static boolean all(BitSet words, BitSet found) {
    for (int word = words.nextSetBit(0); word >= 0; word = words.nextSetBit(word + 1)) {
      if (!found.get(word)) {
        return false;
      }
    }
    return true;
  }
}

package dev.prguard.review.rules;

import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Builtin;
import dev.prguard.review.rules.YamlSecrets.Place;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tells the secrets of [YamlSecrets] and [PairedSecrets] that a change adds; of one document's
/// data the first.
final class YamlSecretScan {
  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;

  YamlSecretScan(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
  }

  void run() {
    for (Segment segment : file.segments()) {
      if (isWorthIt(segment)) {
        scan(segment);
      }
    }
  }

  /// The whole file may have to come over the network.
  private static boolean isWorthIt(Segment segment) {
    for (int i = segment.added().nextSetBit(0); i >= 0; i = segment.added().nextSetBit(i + 1)) {
      String line = segment.lines().get(i);
      if (YamlSecrets.mayBeIn(line) || PairedSecrets.mayBeIn(line)) {
        return true;
      }
    }
    return false;
  }

  private void scan(Segment segment) {
    List<String> head = file.headLines().orElse(List.of());
    // Without the whole file the hunk has to say what kind of document it is of.
    List<String> known = head.isEmpty() ? segment.lines() : head;
    Map<Integer, Place> places = new TreeMap<>(YamlSecrets.find(known));
    PairedSecrets.find(known).forEach(places::putIfAbsent);
    int offset = head.isEmpty() ? 0 : segment.firstLine() - 1;
    boolean told = false;
    for (Map.Entry<Integer, Place> found : places.entrySet()) {
      int index = found.getKey() - offset;
      Place place = found.getValue();
      told &= !place.first();
      if (index < 0 || index >= segment.lines().size() || !segment.isAdded(index)) {
        continue;
      }
      if (!place.encoded() || !told) {
        add(segment, index, place);
      }
      told |= place.encoded();
    }
  }

  private void add(Segment segment, int index, Place place) {
    Builtin which = place.encoded() ? Builtin.KUBERNETES_SECRET : Builtin.YAML_VALUE;
    String line = place.without(segment.lines().get(index), SecretRedactor.MARK + "value]");
    catalog
        .builtin(which)
        .ifPresent(rule -> report.add(rule, Side.NEW, segment.number(index), line));
  }
}

package dev.prguard.review.syntax;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.treesitter.TSLanguage;
import org.treesitter.TSSymbolType;

/// The names that a grammar has for kinds of nodes and for their roles, numbered as they are met.
/// Each crosses to the reader of the trees once in a worker's life.
final class NodeNames {

  /// What a kind of node is for a reader of the program.
  enum Use {
    /// Has a name in the grammar.
    NAMED,
    /// An operator, a keyword, a bracket: counts where the grammar gives it a role.
    TOKEN,
    COMMENT
  }

  /// The kind of what could not be parsed, in every grammar.
  private static final int ERROR = 0xffff;

  private final TSLanguage language;
  private final int[] kinds;
  private final Use[] uses;
  private final int[] fields;
  private final List<String> names = new ArrayList<>();
  private int sent;

  NodeNames(TSLanguage language) {
    this.language = language;
    kinds = new int[language.symbolCount() + 1];
    uses = new Use[kinds.length];
    fields = new int[language.fieldCount() + 1];
    // Number 0 is for no role.
    names.add("");
  }

  Use use(int symbol) {
    int at = at(symbol);
    Use known = uses[at];
    if (known == null) {
      known = look(symbol);
      uses[at] = known;
    }
    return known;
  }

  private Use look(int symbol) {
    if (symbol == ERROR) {
      return Use.NAMED;
    }
    if (language.symbolType(symbol) != TSSymbolType.TSSymbolTypeRegular) {
      return Use.TOKEN;
    }
    return language.symbolName(symbol).endsWith("comment") ? Use.COMMENT : Use.NAMED;
  }

  private int at(int symbol) {
    return symbol < kinds.length - 1 ? symbol : kinds.length - 1;
  }

  int kind(int symbol) {
    int at = at(symbol);
    if (kinds[at] == 0) {
      kinds[at] = names.size();
      names.add(symbol == ERROR ? "ERROR" : language.symbolName(symbol));
    }
    return kinds[at];
  }

  int field(int id) {
    if (id != 0 && fields[id] == 0) {
      fields[id] = names.size();
      names.add(language.fieldNameForId(id));
    }
    return fields[id];
  }

  /// Those that were not sent before: a count, then each.
  void writeNew(DataOutputStream out) throws IOException {
    out.writeInt(names.size() - sent);
    while (sent < names.size()) {
      out.writeUTF(names.get(sent++));
    }
  }
}

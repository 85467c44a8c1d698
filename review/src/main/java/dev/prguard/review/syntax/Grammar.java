package dev.prguard.review.syntax;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSInputEncoding;
import org.treesitter.TSLanguage;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTree;
import org.treesitter.TSTreeCursor;
import org.treesitter.TreeSitterGo;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;
import org.treesitter.TreeSitterTsx;
import org.treesitter.TreeSitterTypescript;

/// A tree-sitter grammar. Runs in a [GrammarWorker] only: the native parser can overflow the stack
/// on deep nesting, and 20 KB of `a<a<a<` keep it busy for a minute and over a gigabyte without a
/// call of its progress callback. The library is unpacked and loaded at the first use.
final class Grammar {

  /// Enough to tell a broken file; more are not collected.
  static final int MAX_ERRORS = 200;

  /// Bytes handed to the parser at a time.
  private static final int CHUNK = 8192;

  private static final Map<ParsedLanguage, Loaded> LOADED = new EnumMap<>(ParsedLanguage.class);

  private final ParsedLanguage name;
  private final TSLanguage language;
  private final NodeNames names;

  private Grammar(ParsedLanguage name, TSLanguage language) {
    this.name = name;
    this.language = language;
    names = new NodeNames(language);
  }

  /// A grammar, or the reason why there is none.
  record Loaded(@Nullable Grammar grammar, String reason) {}

  static Loaded of(ParsedLanguage language) {
    synchronized (LOADED) {
      return LOADED.computeIfAbsent(language, Grammar::load);
    }
  }

  private static Loaded load(ParsedLanguage language) {
    Supplier<TSLanguage> maker =
        switch (language) {
          case PYTHON -> TreeSitterPython::new;
          case JAVASCRIPT -> TreeSitterJavascript::new;
          case TYPESCRIPT -> TreeSitterTypescript::new;
          case TSX -> TreeSitterTsx::new;
          case JAVA -> TreeSitterJava::new;
          case GO -> TreeSitterGo::new;
          case JSON, YAML, NONE -> null;
        };
    if (maker == null) {
      return new Loaded(null, "no grammar");
    }
    try (TSParser parser = new TSParser()) {
      TSLanguage loaded = maker.get();
      return parser.setLanguage(loaded)
          ? new Loaded(new Grammar(language, loaded), "")
          : new Loaded(null, "the grammar does not fit the tree-sitter library");
    } catch (LinkageError | RuntimeException e) {
      return new Loaded(null, "the tree-sitter library did not load on this machine");
    }
  }

  /// The errors of the text, at most [#MAX_ERRORS].
  ///
  /// @throws DeadlineException past the deadline
  List<SyntaxError> errors(byte[] content, Deadline deadline) {
    return parsed(
        content,
        deadline,
        tree -> {
          List<SyntaxError> errors = new ArrayList<>();
          if (tree.getRootNode().hasError()) {
            collect(tree, errors, deadline);
          }
          if (name == ParsedLanguage.PYTHON) {
            PythonIndent.error(content, TokenWalk.tokens(tree, 0, 0, deadline))
                .ifPresent(errors::add);
          }
          return errors;
        });
  }

  private static void collect(TSTree tree, List<SyntaxError> errors, Deadline deadline) {
    try (TSTreeCursor cursor = new TSTreeCursor(tree.getRootNode())) {
      boolean down = true;
      while (errors.size() < MAX_ERRORS) {
        if (down) {
          deadline.check();
          TSNode node = cursor.currentNode();
          if (node.isError() || node.isMissing()) {
            errors.add(
                new SyntaxError(
                    node.getStartByte(),
                    node.getEndByte(),
                    node.isMissing() ? "missing " + node.getType() : "error"));
          }
          if (node.hasError() && cursor.gotoFirstChild()) {
            continue;
          }
        }
        if (cursor.gotoNextSibling()) {
          down = true;
        } else if (cursor.gotoParent()) {
          down = false;
        } else {
          return;
        }
      }
    }
  }

  /// The tokens of the text in order, comments too.
  ///
  /// @param from start of the stretch that a fix replaces, as an offset
  /// @param to its end; `from` and `to` both 0 for no stretch
  /// @throws DeadlineException past the deadline
  List<Token> tokens(byte[] content, int from, int to, Deadline deadline) {
    return parsed(content, deadline, tree -> TokenWalk.tokens(tree, from, to, deadline));
  }

  /// The nodes of the text's tree.
  ///
  /// @throws DeadlineException past the deadline, or when the tree is larger or deeper than is read
  TreeWalk tree(byte[] content, Deadline deadline) {
    return parsed(content, deadline, tree -> TreeWalk.of(tree, names, deadline));
  }

  private interface Reading<T> {
    T of(TSTree tree);
  }

  private <T> T parsed(byte[] content, Deadline deadline, Reading<T> reading) {
    try (TSParser parser = new TSParser()) {
      parser.setLanguage(language);
      byte[] buffer = new byte[CHUNK];
      TSTree tree =
          parser.parseWithOptions(
              buffer,
              null,
              (chunk, offset, position) -> {
                int length = Math.min(chunk.length, content.length - offset);
                if (length <= 0) {
                  return 0;
                }
                System.arraycopy(content, offset, chunk, 0, length);
                return length;
              },
              TSInputEncoding.TSInputEncodingUTF8,
              _ -> deadline.isOver());
      if (tree == null) {
        throw new DeadlineException();
      }
      try (tree) {
        return reading.of(tree);
      }
    }
  }
}

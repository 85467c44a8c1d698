package dev.prguard.review.syntax;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The process in which hostile text meets the native parser; see [GrammarProcess] for its other
/// end. It knows no secrets: it starts with an empty environment, reads requests from standard
/// input and answers on standard output until the input ends.
///
/// Request: operation (byte), language (UTF), deadline in ms (long), from, to (int), length (int),
/// bytes. Answer: status (byte), then for errors a count and start, end, kind each; for tokens a
/// count and start, end, type, place each; for a tree what [TreeWalk] writes.
final class GrammarWorker {

  static final byte ERRORS = 1;
  static final byte TOKENS = 2;
  static final byte TREE = 3;

  static final byte READY = 10;
  static final byte ANSWER = 11;
  static final byte LATE = 12;
  static final byte NO_GRAMMAR = 13;

  /// Error recovery calls itself as deep as the text nests; only what is used of it is ever paid.
  private static final long STACK_BYTES = 512L << 20;

  private final DataInputStream in;
  private final DataOutputStream out;

  private GrammarWorker(DataInputStream in, DataOutputStream out) {
    this.in = in;
    this.out = out;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    GrammarWorker worker =
        new GrammarWorker(
            new DataInputStream(new BufferedInputStream(System.in)),
            new DataOutputStream(new BufferedOutputStream(System.out)));
    // A thread, because the stack of the main thread cannot be chosen.
    Thread thread = Thread.ofPlatform().stackSize(STACK_BYTES).start(worker::serve);
    thread.join();
  }

  private void serve() {
    try {
      out.writeByte(READY);
      out.flush();
      while (true) {
        answer();
        out.flush();
      }
    } catch (EOFException e) {
      // The review is over.
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  private void answer() throws IOException {
    byte operation = in.readByte();
    ParsedLanguage language = ParsedLanguage.valueOf(in.readUTF());
    Duration deadline = Duration.ofMillis(in.readLong());
    int from = in.readInt();
    int to = in.readInt();
    byte[] content = in.readNBytes(in.readInt());
    Grammar.Loaded loaded = Grammar.of(language);
    Grammar grammar = loaded.grammar();
    if (grammar == null) {
      out.writeByte(NO_GRAMMAR);
      out.writeUTF(loaded.reason());
      return;
    }
    // Loading the grammar is not the text's fault.
    Deadline giveUp = new Deadline(deadline);
    try {
      switch (operation) {
        case ERRORS -> write(grammar.errors(content, giveUp));
        case TREE -> {
          TreeWalk walk = grammar.tree(content, giveUp);
          out.writeByte(ANSWER);
          walk.writeTo(out);
        }
        default -> writeTokens(grammar.tokens(content, from, to, giveUp));
      }
    } catch (DeadlineException e) {
      out.writeByte(LATE);
    }
  }

  private void write(List<SyntaxError> errors) throws IOException {
    out.writeByte(ANSWER);
    out.writeInt(errors.size());
    for (SyntaxError error : errors) {
      out.writeInt(error.start());
      out.writeInt(error.end());
      out.writeUTF(error.kind());
    }
  }

  private void writeTokens(List<Token> tokens) throws IOException {
    out.writeByte(ANSWER);
    out.writeInt(tokens.size());
    for (Token token : tokens) {
      out.writeInt(token.start());
      out.writeInt(token.end());
      out.writeUTF(token.type());
      out.writeLong(token.place());
    }
  }
}

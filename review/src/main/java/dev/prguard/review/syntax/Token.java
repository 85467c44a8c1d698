package dev.prguard.review.syntax;

/// A token of a parsed file, or a whole string literal.
///
/// @param start offset of the first byte
/// @param end offset after the last byte
/// @param type the grammar's name for it; a keyword or an operator is its own name
/// @param place hash of the kinds of the nodes around it that reach out of the stretch in question:
///   equal before and after a fix when the fix moved nothing into or out of a block
public record Token(int start, int end, String type, long place) {

  public boolean isComment() {
    return type.endsWith("comment");
  }

  public boolean isString() {
    return TokenWalk.isLiteral(type);
  }

  public boolean within(int from, int to) {
    return start >= from && end <= to;
  }
}

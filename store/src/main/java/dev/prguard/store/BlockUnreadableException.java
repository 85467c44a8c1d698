package dev.prguard.store;

import java.sql.SQLException;

/// A block is damaged, or gone. The message is for [BlockProblem].
final class BlockUnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Block block;

  BlockUnreadableException(Block block, SQLException cause) {
    super(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""), cause);
    this.block = block;
  }

  Block block() {
    return block;
  }
}

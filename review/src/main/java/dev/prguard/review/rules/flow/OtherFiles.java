package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Program;
import org.jspecify.annotations.Nullable;

/// Files of the same change that a program may call into, by number. Their lines are counted one
/// file behind the other, so that a line says which file it is of.
public interface OtherFiles {

  /// No file of the change.
  int OUTSIDE = -1;

  /// No others.
  OtherFiles NONE =
      new OtherFiles() {
        @Override
        public @Nullable Place find(int from, String name) {
          return null;
        }

        @Override
        public @Nullable Program program(int file) {
          return null;
        }

        @Override
        public int at(int line) {
          return OUTSIDE;
        }

        @Override
        public boolean gives(int file) {
          return false;
        }

        @Override
        public long share() {
          return 0;
        }
      };

  /// Where something is defined.
  ///
  /// @param rest what of its name is left in that file; empty for what the file itself stands for
  /// @param line where, 0 when that is not known
  record Place(int file, String rest, int line) {}

  /// The one file that a name leads to; null when none or several may be meant.
  ///
  /// @param name of what is called, its imports resolved
  @Nullable Place find(int from, String name);

  /// Null when it cannot be read.
  @Nullable Program program(int file);

  /// The file that a line is of.
  int at(int line);

  /// Whether values from outside may come out of calls into a file.
  boolean gives(int file);

  /// Steps that may be made in other files for the sake of one.
  long share();
}

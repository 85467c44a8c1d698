package dev.prguard.review.syntax;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How long a [GrammarWorker] may take for a text, in processor time: what a text gets must not
/// hang on what else the machine has to do. Work that is three times as late by the clock on the
/// wall is given up all the same.
final class Deadline {

  /// By the wall; [GrammarProcess] waits a little longer than that.
  static final int PATIENCE = 3;

  /// C's `clock()`: processor time of this process in microseconds. The worker does one thing at a
  /// time.
  private static final @Nullable MethodHandle CLOCK = clock();

  private final long allowed;
  private final long start = System.nanoTime();
  private final long used = processorNanos();

  Deadline(Duration allowed) {
    this.allowed = allowed.toNanos();
  }

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle clock() {
    Optional<MemorySegment> found = Linker.nativeLinker().defaultLookup().find("clock");
    boolean micros = !System.getProperty("os.name").startsWith("Windows");
    return found.isEmpty() || !micros
        ? null
        : Linker.nativeLinker()
            .downcallHandle(
                found.get(), FunctionDescriptor.of(JAVA_LONG), Linker.Option.critical(false));
  }

  private static long processorNanos() {
    if (CLOCK == null) {
      return System.nanoTime();
    }
    try {
      return (long) CLOCK.invokeExact() * 1_000;
    } catch (Throwable e) {
      throw new IllegalStateException("clock()", e);
    }
  }

  boolean isOver() {
    long waited = System.nanoTime() - start;
    // Asking for the processor time is a call of the system, the other is none.
    return waited > allowed && (waited > PATIENCE * allowed || processorNanos() - used > allowed);
  }

  /// @throws DeadlineException when it is over
  void check() {
    if (isOver()) {
      throw new DeadlineException();
    }
  }
}

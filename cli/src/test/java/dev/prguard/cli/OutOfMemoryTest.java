package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutOfMemoryTest {

  /// Where a file is looked at in another thread, its error arrives as the cause of an exception.
  @Test
  void changeTooLargeForTheMemory_isOneLineThatSaysWhatToDo() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);

    int exitCode =
        CommandLines.failed(
            new IllegalStateException(new OutOfMemoryError("Java heap space")), false, err);

    assertThat(exitCode).isEqualTo(2);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .hasLineCount(1)
        .startsWith("pr-guard: this needs more than the ")
        .contains("--base and --head", "PR_GUARD_JAVA_OPTIONS=-Xmx2g")
        .doesNotContain("Exception", "\tat ");
  }
}

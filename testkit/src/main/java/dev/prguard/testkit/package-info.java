/// Contract tests and fixtures that the tests of every module share.
@NullMarked
package dev.prguard.testkit;

import org.jspecify.annotations.NullMarked;

package dev.prguard.review.syntax;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.treesitter.TSTree;

/// Goes over a syntax tree by calls of the tree-sitter library itself (`tree_sitter/api.h`), which
/// the library's Java classes have loaded. Those make an object of every node and cross the border
/// five times with it: over the files of a large change that took four times as long as parsing.
final class NativeCursor implements AutoCloseable {

  /// `TSNode`: four numbers, of which the first is the offset of its start; its part of the tree;
  /// the tree.
  private static final StructLayout NODE =
      MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

  /// `TSTreeCursor`.
  private static final StructLayout CURSOR =
      MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

  private static final MethodHandle ROOT =
      function("ts_tree_root_node", FunctionDescriptor.of(NODE, ADDRESS));
  private static final MethodHandle NEW =
      function("ts_tree_cursor_new", FunctionDescriptor.of(CURSOR, NODE));
  private static final MethodHandle DELETE =
      function("ts_tree_cursor_delete", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle CURRENT =
      function("ts_tree_cursor_current_node", FunctionDescriptor.of(NODE, ADDRESS));
  private static final MethodHandle FIELD =
      function("ts_tree_cursor_current_field_id", FunctionDescriptor.of(JAVA_SHORT, ADDRESS));
  private static final MethodHandle FIRST_CHILD = move("ts_tree_cursor_goto_first_child");
  private static final MethodHandle NEXT_SIBLING = move("ts_tree_cursor_goto_next_sibling");
  private static final MethodHandle PARENT = move("ts_tree_cursor_goto_parent");
  private static final MethodHandle SYMBOL =
      function("ts_node_symbol", FunctionDescriptor.of(JAVA_SHORT, NODE));
  private static final MethodHandle END =
      function("ts_node_end_byte", FunctionDescriptor.of(JAVA_INT, NODE));
  private static final VarHandle POINTER = pointer();

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment node = arena.allocate(NODE);
  private final MemorySegment cursor = arena.allocate(CURSOR);
  private final SegmentAllocator intoNode = (_, _) -> node;

  NativeCursor(TSTree tree) {
    MemorySegment address = MemorySegment.ofAddress((long) POINTER.get(tree));
    try {
      MemorySegment _ = (MemorySegment) ROOT.invokeExact(intoNode, address);
      SegmentAllocator intoCursor = (_, _) -> cursor;
      MemorySegment _ = (MemorySegment) NEW.invokeExact(intoCursor, node);
      read();
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MethodHandle move(String name) {
    return function(name, FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
  }

  /// None of them takes long or calls back, so the thread need not change its state for them.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(
            SymbolLookup.loaderLookup().findOrThrow(name),
            descriptor,
            Linker.Option.critical(false));
  }

  /// Where the library's Java class keeps the address of the tree.
  private static VarHandle pointer() {
    try {
      return MethodHandles.privateLookupIn(TSTree.class, MethodHandles.lookup())
          .findVarHandle(TSTree.class, "ptr", long.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("another version of the tree-sitter library", e);
    }
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("the tree-sitter library failed", e);
  }

  private void read() throws Throwable {
    MemorySegment _ = (MemorySegment) CURRENT.invokeExact(intoNode, cursor);
  }

  int symbol() {
    try {
      return Short.toUnsignedInt((short) SYMBOL.invokeExact(node));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// 0 for none.
  int field() {
    try {
      return Short.toUnsignedInt((short) FIELD.invokeExact(cursor));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  int start() {
    return node.get(JAVA_INT, 0);
  }

  int end() {
    try {
      return (int) END.invokeExact(node);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  boolean firstChild() {
    try {
      boolean moved = (boolean) FIRST_CHILD.invokeExact(cursor);
      if (moved) {
        read();
      }
      return moved;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  boolean nextSibling() {
    try {
      boolean moved = (boolean) NEXT_SIBLING.invokeExact(cursor);
      if (moved) {
        read();
      }
      return moved;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// The node that was left is not read anew: a walk has seen it.
  boolean parent() {
    try {
      return (boolean) PARENT.invokeExact(cursor);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      DELETE.invokeExact(cursor);
    } catch (Throwable e) {
      throw failed(e);
    } finally {
      arena.close();
    }
  }
}

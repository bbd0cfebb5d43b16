// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a node: because its host has announced that it leaves, which is final, or because an operator has
 * commanded it, until the opposite command. A command belongs to one uid: the node that follows it does not drain.
 *
 * <p>Thread safety: safe; commands are applied by one thread at a time.
 */
final class DrainState {

    private record Commanded(String uid, NodeCommand command) {}

    private volatile Consumer<Boolean> listener = draining -> {};
    private volatile boolean announced;
    private volatile @Nullable Commanded last;

    /** Sets what receives whether the node is draining, when a command has changed that. */
    void notifies(Consumer<Boolean> onChange) {
        listener = onChange;
    }

    /** Makes every node drain from now on. */
    void announce() {
        announced = true;
    }

    /** Applies a command; returns whether it was not applied yet. */
    boolean apply(String uid, NodeCommand command) {
        Commanded next = new Commanded(uid, command);
        if (next.equals(last)) {
            return false;
        }
        boolean before = isDraining(uid);
        last = next;
        if (isDraining(uid) != before) {
            listener.accept(!before);
        }
        return true;
    }

    /** {@return whether the node of a uid is draining} */
    boolean isDraining(@Nullable String uid) {
        NodeCommand command = commandOf(uid);
        return announced || (command != null && command.action() == Action.DRAIN);
    }

    /** {@return the id of the last command that was applied to the node of a uid; null for none} */
    @Nullable
    String acknowledged(@Nullable String uid) {
        NodeCommand command = commandOf(uid);
        return command == null ? null : command.id();
    }

    private @Nullable NodeCommand commandOf(@Nullable String uid) {
        Commanded commanded = last;
        return commanded == null || !commanded.uid().equals(uid) ? null : commanded.command();
    }
}

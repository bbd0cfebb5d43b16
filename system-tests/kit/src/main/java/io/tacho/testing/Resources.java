// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a test, closed in reverse order: its field is annotated with {@code @AutoClose}. */
public final class Resources implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Returns a resource, which is closed after the test. */
    public <T extends AutoCloseable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }

    /** Closes all resources, also if one of them throws. */
    @Override
    public void close() {
        if (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a resource of a test cannot be closed", e);
            } finally {
                close();
            }
        }
    }
}

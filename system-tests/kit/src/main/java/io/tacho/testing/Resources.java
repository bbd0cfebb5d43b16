// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a test, closed in reverse order. Declare it as a field with {@code @AutoClose}. */
public final class Resources implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Registers a resource to be closed after the test, and returns it. */
    public <T extends AutoCloseable> T closeLater(T resource) {
        open.push(resource);
        return resource;
    }

    /** Closes all resources, even if one of them throws. */
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

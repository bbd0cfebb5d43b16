// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/** POSIX signals beyond those on which the JVM ends. */
public final class Signals {

    private Signals() {}

    /**
     * Runs the action on every such signal from now on. Where the platform has no such signal, nothing happens.
     *
     * @param signal the name without SIG, e.g. {@code USR1}; not {@code USR2}, which HotSpot uses itself
     */
    public static void on(String signal, Runnable action) {
        try {
            // by reflection, for the compiler warns of the class without a way to suppress the warning
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    handlers.getClassLoader(), new Class<?>[] {handlers}, (self, method, received) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signals.getMethod("handle", signals, handlers)
                    .invoke(null, signals.getConstructor(String.class).newInstance(signal), handler);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // not before: the log has no settings at the start
            LoggerFactory.getLogger(Signals.class).debug("no signal {} here", signal, e);
        }
    }
}

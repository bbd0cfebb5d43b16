// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS context of new connections, reloaded when the files have changed. It checks the files at most once per second.
 *
 * <p>Thread safety: safe.
 */
final class TlsContexts {

    private static final Logger logger = LoggerFactory.getLogger(TlsContexts.class);
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpTls tls;
    private final LongSupplier nanoTime;
    private SslContext context;
    private FileTime changed;
    private long checkedNanos;

    TlsContexts(HttpTls tls, LongSupplier nanoTime) {
        this.tls = tls;
        this.nanoTime = nanoTime;
        try {
            changed = tls.changed();
            context = tls.context();
        } catch (IOException e) {
            throw new IllegalArgumentException("tls-cert, tls-key: " + e.getMessage(), e);
        }
        checkedNanos = nanoTime.getAsLong();
    }

    synchronized SslContext current() {
        if (nanoTime.getAsLong() - checkedNanos >= CHECK_NANOS) {
            try {
                String changes = reread();
                if (!changes.isEmpty()) {
                    logger.info("{}", changes);
                }
            } catch (IllegalArgumentException e) {
                logger.warn("keeping the last certificate: {}", e.getMessage());
            }
        }
        return context;
    }

    /**
     * Checks the files now.
     *
     * @return a description of the change; empty if there is none
     * @throws IllegalArgumentException if they are invalid; the last context stays in use
     */
    synchronized String reread() {
        checkedNanos = nanoTime.getAsLong();
        try {
            FileTime latest = tls.changed();
            if (latest.equals(changed)) {
                return "";
            }
            // the two files are not replaced atomically: a mismatch is retried
            context = tls.context();
            changed = latest;
            return "certificate " + tls.certificate() + " read again";
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls-cert, tls-key: " + tls.certificate() + " and " + tls.key() + " are invalid, " + e.getMessage()
                            + " (expected: a certificate and its private key)",
                    e);
        }
    }
}

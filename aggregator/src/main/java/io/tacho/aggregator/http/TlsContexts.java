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
 * The TLS of new connections: looks at the files once a second at the most, and takes up what has changed.
 *
 * <p>Thread safety: safe.
 */
final class TlsContexts {

    private static final Logger logger = LoggerFactory.getLogger(TlsContexts.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpTls tls;
    private final LongSupplier nanoTime;
    private SslContext context;
    private FileTime changed;
    private long lookedNanos;

    TlsContexts(HttpTls tls, LongSupplier nanoTime) {
        this.tls = tls;
        this.nanoTime = nanoTime;
        try {
            changed = tls.changed();
            context = tls.context();
        } catch (IOException e) {
            throw new IllegalArgumentException("tls-cert, tls-key: " + e.getMessage(), e);
        }
        lookedNanos = nanoTime.getAsLong();
    }

    synchronized SslContext current() {
        if (nanoTime.getAsLong() - lookedNanos >= LOOK_NANOS) {
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
     * Looks at the files now.
     *
     * @return what has changed, in words; empty for nothing
     * @throws IllegalArgumentException if they cannot be used; the last context stays
     */
    synchronized String reread() {
        lookedNanos = nanoTime.getAsLong();
        try {
            FileTime latest = tls.changed();
            if (latest.equals(changed)) {
                return "";
            }
            // both files are not replaced at the same moment: what does not fit is tried again
            context = tls.context();
            changed = latest;
            return "certificate " + tls.certificate() + " read again";
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tls-cert, tls-key: " + tls.certificate() + " and " + tls.key() + " cannot be used, "
                            + e.getMessage() + " (expected: a certificate and its private key)",
                    e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
/**
 * Certificates and trust stores in PEM form, for TLS. Uses nothing else of Tacho.
 *
 * <p>Data flow: PEM file → {@code TrustStore} → certificates or an {@code SSLContext}; an invalid file is reported with the setting that
 * names it.
 */
@NullMarked
package io.tacho.tls;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Reading of certificates and trust stores for TLS, in PEM. Uses nothing else of Tacho. */
@NullMarked
package io.tacho.tls;

import org.jspecify.annotations.NullMarked;

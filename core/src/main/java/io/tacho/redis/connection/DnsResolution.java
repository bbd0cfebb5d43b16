// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Transports;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resolution of host names: by Netty's DNS client where it is on the class path, otherwise as the Redis client does it. */
public final class DnsResolution {

    private static final Logger logger = LoggerFactory.getLogger(DnsResolution.class);

    private DnsResolution() {}

    /** Sets the resolver of the client, if the class path has one. */
    public static void configure(DefaultClientResources.Builder resources) {
        try {
            NettyResolver.set(resources);
        } catch (LinkageError e) {
            logger.debug("host names are resolved by Java: no compatible netty-resolver-dns on the class path", e);
        }
    }

    /** A class of its own, so that only {@link #configure} meets an absent library. */
    private static final class NettyResolver {

        // a Redis that moves is found at its new address, whatever TTL its DNS has (that of Docker: 600 s)
        private static final int MAX_TTL_SECONDS = 1;

        static void set(DefaultClientResources.Builder resources) {
            resources.addressResolverGroup(new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                    // of the same kind as the client's event loops, which depends on the class path
                    .datagramChannelType(Transports.datagramChannelClass())
                    .socketChannelType(Transports.socketChannelClass().asSubclass(SocketChannel.class))
                    .ttl(0, MAX_TTL_SECONDS)));
        }
    }
}

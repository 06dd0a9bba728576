package io.cairn.console;

import io.cairn.engine.ObjectStore;
import io.cairn.http.Exchange;
import io.cairn.http.Handler;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.StorageFault;
import io.cairn.model.UnavailableFault;
import io.cairn.model.UncertainFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that the admin listener answers: routes by the first path segment, authenticates, maps faults.
 * Thread-safe.
 */
public final class AdminHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final AdminAuthentication authentication;
    private final KeyApi keys;
    private final Health health;
    private final MetricsPage metrics;
    private final AdminApi admin;

    public AdminHandler(ObjectStore store, NodeFacts node, AdminAuthentication authentication) {
        this.authentication = authentication;
        keys = new KeyApi(store);
        health = new Health(store, node);
        metrics = new MetricsPage(store, node);
        admin = new AdminApi(store, node, authentication);
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            route(exchange);
        } catch (AdminRefusal refusal) {
            Answers.refuse(exchange, refusal);
        } catch (StorageFault fault) {
            LOG.warn("{} {} failed: {}", exchange.method(), pathOf(exchange), fault.getMessage());
            Answers.refuse(exchange, new AdminRefusal(statusOf(fault), fault.getMessage()));
        }
    }

    private void route(Exchange exchange) {
        String path = pathOf(exchange);
        if (path.equals("/health/live")) {
            health.live(exchange);
        } else if (path.equals("/health/ready")) {
            health.ready(exchange);
        } else {
            routeAuthenticated(exchange, path, authentication.authenticate(exchange));
        }
    }

    private void routeAuthenticated(Exchange exchange, String path, Caller caller) {
        if (path.startsWith(KeyApi.PREFIX)) {
            keys.handle(exchange, path.substring(KeyApi.PREFIX.length()), caller);
        } else if (path.equals("/health")) {
            health.full(exchange);
        } else if (path.equals("/metrics")) {
            metrics.send(exchange);
        } else if (path.startsWith(AdminApi.PREFIX)) {
            admin.handle(exchange, path.substring(AdminApi.PREFIX.length()), caller);
        } else {
            throw new AdminRefusal(
                    404, "no such resource: " + path + "; see /health, /metrics, /data/{key}, /admin/v1");
        }
    }

    private static int statusOf(StorageFault fault) {
        return switch (fault) {
            case UnavailableFault _, DriveFault _ -> 503;
            case CorruptFault _, UncertainFault _ -> 500;
        };
    }

    private static String pathOf(Exchange exchange) {
        String target = exchange.target();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}

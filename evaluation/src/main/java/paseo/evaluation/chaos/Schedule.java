package paseo.evaluation.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What goes wrong in one trial and when: a function of the seed.
 *
 * @param timed what happens on the way, in order
 * @param armed where the first process of a service is killed, at the latest at that visit
 */
record Schedule(List<Timed> timed, Map<Service, Armed> armed) {
    private static final int MOST_TIMED = 3;
    /** A little more than all detections, so that something also happens while the last are being decided. */
    private static final double END = 1.1;

    private static final List<Service> SERVICES = List.of(Service.values());
    private static final List<Failpoint> FAILPOINTS = List.of(Failpoint.values());

    Schedule {
        timed = List.copyOf(timed);
        armed = Map.copyOf(armed);
    }

    /**
     * A fault and its time.
     *
     * @param progress share of all detections that are on their topic by then
     */
    record Timed(double progress, Fault fault) {}

    /**
     * A failpoint and the visit at which it kills.
     *
     * @param visit counted from 1
     */
    record Armed(Failpoint failpoint, int visit) {}

    /** Nothing goes wrong. */
    static Schedule quiet() {
        return new Schedule(List.of(), Map.of());
    }

    /** Only that, at about that time. */
    static Schedule of(double progress, Fault fault) {
        return new Schedule(List.of(new Timed(progress, fault)), Map.of());
    }

    /** One to three faults on the way and one or two failpoints. */
    static Schedule of(long seed) {
        // Unlike Random, it gives neighbouring seeds nothing in common.
        SplittableRandom random = new SplittableRandom(seed);
        List<Timed> timed = new ArrayList<>();
        for (int left = 1 + random.nextInt(MOST_TIMED); left > 0; left--) {
            timed.add(new Timed(random.nextDouble() * END, fault(random)));
        }
        timed.sort(Comparator.comparingDouble(Timed::progress));
        Map<Service, Armed> armed = new EnumMap<>(Service.class);
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            Failpoint failpoint = any(FAILPOINTS, random);
            armed.put(failpoint.service(), new Armed(failpoint, 1 + random.nextInt(failpoint.hits())));
        }
        return new Schedule(timed, armed);
    }

    private static <T> T any(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    private static Fault fault(SplittableRandom random) {
        Service service = any(SERVICES, random);
        int process = random.nextInt(service.processes());
        Duration time = Duration.ofSeconds(1 + random.nextInt(8));
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new Fault.Kill(service, process);
            case 3 -> new Fault.Pause(service, process, time.plusSeconds(2));
            case 4 -> new Fault.Restart(service, process);
            case 5 -> new Fault.Guest(service == Service.PRODUCER ? Service.WORKER : service, time.plusSeconds(4));
            case 6 -> new Fault.LoseState();
            case 7 -> random.nextBoolean() ? new Fault.BounceBroker(time) : new Fault.KillBroker(time.plusSeconds(4));
            case 8 -> new Fault.KillPostgres();
            default -> new Fault.StallPostgres(time);
        };
    }
}

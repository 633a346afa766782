package paseo.evaluation.chaos;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Kills one process when it comes to a failpoint for the chosen time. */
final class Debugger implements AutoCloseable {
    private static final String ANSWER_MILLIS = "60000";

    private final ListeningConnector connector;
    private final Map<String, Connector.Argument> arguments;
    private final String address;

    /** Listens for one process. */
    Debugger() throws IOException {
        connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
                .filter(one -> one.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow(() -> new IOException("this Java cannot debug others: it has no dt_socket"));
        arguments = connector.defaultArguments();
        set("localAddress", "127.0.0.1");
        set("port", "0");
        set("timeout", ANSWER_MILLIS);
        try {
            address = connector.startListening(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IOException(e);
        }
    }

    private void set(String name, String value) {
        Connector.Argument argument = arguments.get(name);
        if (argument != null) {
            argument.setValue(value);
        }
    }

    /** What the process is to be started with. */
    String option() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address;
    }

    /** Takes the process over, which then runs until the visit, and tells when it was killed there. */
    void kill(Process process, Schedule.Armed armed, Runnable killed) throws IOException {
        VirtualMachine machine;
        try {
            machine = connector.accept(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IOException(e);
        }
        ClassPrepareRequest loaded = machine.eventRequestManager().createClassPrepareRequest();
        loaded.addClassFilter(armed.failpoint().className());
        loaded.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        loaded.enable();
        Thread watcher = new Thread(() -> watch(machine, process, armed, killed), "failpoint-" + process.pid());
        watcher.setDaemon(true);
        watcher.start();
    }

    private static void watch(VirtualMachine machine, Process process, Schedule.Armed armed, Runnable killed) {
        int visits = 0;
        try {
            while (true) {
                EventSet events = machine.eventQueue().remove();
                for (Event event : events) {
                    if (event instanceof ClassPrepareEvent prepared) {
                        stopIn(
                                machine,
                                prepared.referenceType(),
                                armed.failpoint().method());
                    } else if (event instanceof BreakpointEvent && ++visits == armed.visit()) {
                        killed.run();
                        process.destroyForcibly();
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException e) {
            // It has ended, here or elsewhere: there is nothing left to wait for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopIn(VirtualMachine machine, ReferenceType type, String name) {
        List<Method> methods = type.methodsByName(name);
        for (Method method : methods) {
            Location location = method.location();
            if (location != null) {
                BreakpointRequest stop = machine.eventRequestManager().createBreakpointRequest(location);
                stop.setSuspendPolicy(EventRequest.SUSPEND_ALL);
                stop.enable();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connector.stopListening(arguments);
        } catch (IllegalConnectorArgumentsException e) {
            throw new IOException(e);
        }
    }
}

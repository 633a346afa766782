package paseo.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import paseo.inference.onnx.AttributeProto;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.inference.onnx.TensorProto;

/**
 * A model of one image-like input and float32 outputs in ONNX Runtime: the only class that touches the runtime, so that
 * everything native is closed in one place. Safe for many threads at once; a call computes on its caller's thread alone
 * and gives the same bits for the same input on the same processor.
 */
final class OnnxModel implements Model {
    private static final OrtEnvironment RUNTIME = LastingRuntime.get();

    private final String name;
    private final OrtSession session;
    private final String input;
    private final List<String> outputs;
    private final boolean takesBatches;

    private OnnxModel(String name, OrtSession session, boolean takesBatches) {
        this.name = name;
        this.session = session;
        this.input = session.getInputNames().iterator().next();
        this.outputs = List.copyOf(session.getOutputNames());
        this.takesBatches = takesBatches;
    }

    /**
     * Loads a model from the bytes of its one file.
     *
     * @param name to name in an error
     * @param shape of the input, -1 where any size must do
     * @param rows values in a row of each output, in any order
     * @throws ModelPackException if it is not such a model
     */
    static OnnxModel load(String name, byte[] model, long[] shape, List<Long> rows) {
        return load(name, model, shape, rows, Accelerator.cpu());
    }

    /**
     * The same on a device.
     *
     * @throws ModelPackException also if the device cannot take it
     */
    static OnnxModel load(String name, byte[] model, long[] shape, List<Long> rows, Accelerator accelerator) {
        refuseExternalData(name, model);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // One thread per call: as many calls as cores use half the processor time of one call on all cores.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            byte[] graph = accelerator.device() == Device.CPU ? PreluRewrite.of(model) : model;
            accelerator.configure(options, graph);
            OrtSession session = RUNTIME.createSession(graph, options);
            try {
                boolean takesBatches = checkInput(name, session, shape);
                checkOutputs(name, session, rows);
                return new OnnxModel(name, session, takesBatches);
            } catch (ModelPackException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            // The same exception says that a device has no memory left, or that its driver does not fit.
            throw new ModelPackException(
                    accelerator.device() == Device.CPU
                            ? name + " is not a model that ONNX Runtime can load: " + e.getMessage()
                            : accelerator.asked() + ": " + name + " cannot be set up on it: " + e.getMessage(),
                    e);
        }
    }

    /** A direct buffer to put an input of {@code values} floats into. */
    static FloatBuffer buffer(int values) {
        return ByteBuffer.allocateDirect(values * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    /** Whether it takes any number of pictures at a time. */
    boolean takesBatches() {
        return takesBatches;
    }

    @Override
    public List<FloatBuffer> run(FloatBuffer values, long... shape) {
        return compute(values, shapes -> {}, shape);
    }

    @Override
    public List<FloatBuffer> run(ByteBuffer values, long... shape) {
        return compute(values, shapes -> {}, shape);
    }

    @Override
    public List<FloatBuffer> run(Buffer values, OutputBuffers into, long... shape) {
        if (!into.ready()) {
            return compute(values, into::expect, shape);
        }
        Map<String, OnnxTensor> places = new HashMap<>();
        try (OnnxTensor tensor = wrapped(values, shape)) {
            for (int i = 0; i < outputs.size(); i++) {
                places.put(
                        outputs.get(i),
                        wrapped(into.buffers().get(i), into.shapes().get(i)));
            }
            session.run(Map.of(input, tensor), places).close();
            return into.buffers();
        } catch (OrtException e) {
            throw failed(e, shape);
        } finally {
            places.values().forEach(OnnxTensor::close);
        }
    }

    /** How many values a shape has. */
    static int count(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    private static OnnxTensor wrapped(Buffer values, long... shape) throws OrtException {
        int count = count(shape);
        return values instanceof ByteBuffer bytes
                ? OnnxTensor.createTensor(RUNTIME, bytes.slice(0, count), shape, OnnxJavaType.UINT8)
                : OnnxTensor.createTensor(RUNTIME, ((FloatBuffer) values).slice(0, count), shape);
    }

    private List<FloatBuffer> compute(Buffer values, Consumer<List<long[]>> shapes, long... shape) {
        try (OnnxTensor tensor = wrapped(values, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            List<FloatBuffer> computed = new ArrayList<>(outputs.size());
            List<long[]> found = new ArrayList<>(outputs.size());
            for (var output : result) {
                OnnxTensor value = (OnnxTensor) output.getValue();
                computed.add(value.getFloatBuffer());
                found.add(value.getInfo().getShape());
            }
            shapes.accept(found);
            return computed;
        } catch (OrtException e) {
            throw failed(e, shape);
        }
    }

    private PipelineFailedException failed(OrtException cause, long... shape) {
        return new PipelineFailedException(
                name + " failed on an input of " + Arrays.toString(shape) + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("cannot release " + name, e);
        }
    }

    /** Gives whether the model takes any number of pictures. */
    private static boolean checkInput(String name, OrtSession session, long[] expected) throws OrtException {
        Map<String, NodeInfo> inputs = session.getInputInfo();
        if (inputs.size() != 1) {
            throw new ModelPackException(name + " has " + inputs.size() + " inputs " + inputs.keySet()
                    + " where one is expected: it is not the model that the pack describes");
        }
        NodeInfo input = inputs.values().iterator().next();
        long[] shape = input.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
        boolean fits = shape.length == expected.length;
        for (int i = 0; fits && i < shape.length; i++) {
            // Some models are published for one face at a time; that is how they are used here.
            fits = shape[i] == -1 || shape[i] == expected[i] || (i == 0 && shape[i] == 1);
        }
        if (!fits) {
            throw new ModelPackException(
                    name + " takes " + input.getName() + Arrays.toString(shape) + " where " + Arrays.toString(expected)
                            + " is expected (-1: any): it is not the model that the pack describes");
        }
        return shape[0] == -1;
    }

    private static void checkOutputs(String name, OrtSession session, List<Long> expected) throws OrtException {
        List<Long> found = new ArrayList<>();
        for (NodeInfo output : session.getOutputInfo().values()) {
            long[] shape = output.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
            found.add(valuesPerRow(shape));
        }
        if (!found.stream().sorted().toList().equals(expected.stream().sorted().toList())) {
            throw new ModelPackException(name + " gives outputs with rows of " + found + " values where " + expected
                    + " are expected: it is not the model that the pack describes");
        }
    }

    /** The last dimension, or of N x C x H x W the values of one of N. */
    private static long valuesPerRow(long[] shape) {
        return switch (shape.length) {
            case 0 -> 1;
            case 4 -> shape[1] * shape[2] * shape[3];
            default -> shape[shape.length - 1];
        };
    }

    /** A model may name other files to read its weights from; none of ours does, and any path could stand there. */
    private static void refuseExternalData(String name, byte[] model) {
        ModelProto parsed;
        try {
            parsed = ModelProto.parseFrom(model);
        } catch (InvalidProtocolBufferException e) {
            throw new ModelPackException(name + " is not an ONNX model: " + e.getMessage(), e);
        }
        if (hasExternalData(parsed.getGraph())) {
            throw new ModelPackException(
                    name + " keeps weights in another file: only models of a single file are loaded");
        }
    }

    private static boolean hasExternalData(GraphProto graph) {
        return graph.getInitializerList().stream().anyMatch(OnnxModel::isExternal)
                || graph.getNodeList().stream()
                        .map(NodeProto::getAttributeList)
                        .flatMap(List::stream)
                        .anyMatch(OnnxModel::hasExternalData);
    }

    private static boolean hasExternalData(AttributeProto attribute) {
        return isExternal(attribute.getT())
                || attribute.getTensorsList().stream().anyMatch(OnnxModel::isExternal)
                || hasExternalData(attribute.getG())
                || attribute.getGraphsList().stream().anyMatch(OnnxModel::hasExternalData);
    }

    private static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0;
    }
}

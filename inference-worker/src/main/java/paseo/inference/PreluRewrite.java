package paseo.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import paseo.inference.onnx.AttributeProto;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.inference.onnx.TensorProto;

/**
 * Writes a model's {@code PRelu} in terms of operators that ONNX Runtime computes fast on a processor, where its own
 * goes value by value and has everything around it laid out anew. With one slope it is a {@code LeakyRelu}, which
 * becomes part of the convolution before it. With a slope s for each channel it is {@code x + relu((s - 1) x)} while s
 * is at most 1, and {@code x - relu((1 - s) x)} where it is larger. Slopes that are computed, or written as anything
 * but raw float32, stay a {@code PRelu}.
 */
final class PreluRewrite {
    private static final int FLOAT = 1;
    private static final String NAME = "paseo.prelu.";

    private final GraphProto.Builder graph;
    private final Map<String, TensorProto> constants = new HashMap<>();

    private PreluRewrite(GraphProto.Builder graph) {
        this.graph = graph;
        graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    }

    /**
     * A model that computes the same of finite values, but for rounding.
     *
     * @return the given bytes where they are no model: whoever loads them will say so
     */
    static byte[] of(byte[] model) {
        try {
            ModelProto.Builder changed = ModelProto.parseFrom(model).toBuilder();
            new PreluRewrite(changed.getGraphBuilder()).change();
            return changed.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            return model;
        }
    }

    private void change() {
        List<NodeProto> nodes = graph.getNodeList();
        graph.clearNode();
        for (NodeProto node : nodes) {
            boolean prelu = node.getOpType().equals("PRelu") && node.getInputCount() == 2 && node.getOutputCount() == 1;
            TensorProto slopes = prelu ? constants.get(node.getInput(1)) : null;
            if (slopes == null || !areFloats(slopes)) {
                graph.addNode(node);
            } else {
                rewrite(node, slopes);
            }
        }
    }

    private static boolean areFloats(TensorProto constant) {
        long values = constant.getDimsList().stream().reduce(1L, (a, b) -> a * b);
        return constant.getDataType() == FLOAT
                && values > 0
                && constant.getRawData().size() == values * Float.BYTES;
    }

    private void rewrite(NodeProto node, TensorProto constant) {
        FloatBuffer values = constant.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] slopes = new float[values.remaining()];
        values.get(slopes);
        if (allEqual(slopes)) {
            graph.addNode(OnnxGraph.node("LeakyRelu", node.getOutput(0), node.getInput(0))
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("alpha")
                            .setF(slopes[0])
                            .setType(AttributeProto.Type.FLOAT)));
        } else {
            addBent(node, constant, slopes);
        }
    }

    /** What is beyond the straight line, and the line. */
    private void addBent(NodeProto node, TensorProto like, float[] slopes) {
        float[] bends = new float[slopes.length];
        float[] signs = new float[slopes.length];
        boolean steep = false;
        for (int i = 0; i < slopes.length; i++) {
            signs[i] = slopes[i] > 1 ? -1 : 1;
            bends[i] = signs[i] * (slopes[i] - 1);
            steep |= slopes[i] > 1;
        }
        String input = node.getInput(0);
        String output = node.getOutput(0);
        String line = NAME + "line." + output;
        String bent = NAME + "bent." + output;
        graph.addNode(OnnxGraph.node("Mul", line, input, constant(NAME + "bends." + output, like, bends)));
        graph.addNode(OnnxGraph.node("Relu", bent, line));
        if (steep) {
            String signed = NAME + "signed." + output;
            graph.addNode(OnnxGraph.node("Mul", signed, bent, constant(NAME + "signs." + output, like, signs)));
            bent = signed;
        }
        graph.addNode(OnnxGraph.node("Add", output, input, bent));
    }

    private static boolean allEqual(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private String constant(String name, TensorProto like, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        graph.addInitializer(like.toBuilder().setName(name).setRawData(ByteString.copyFrom(bytes)));
        return name;
    }
}

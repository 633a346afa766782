package paseo.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import paseo.inference.ModelPack.PixelFormat;
import paseo.inference.onnx.AttributeProto;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.inference.onnx.TensorProto;
import paseo.inference.onnx.ValueInfoProto;

/**
 * Gives a model of float32 pixels an input of bytes: making floats of them and normalising become the first nodes of
 * its graph, which computes the same numbers in a fraction of the time.
 */
final class ByteInput {
    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final String NAME = "paseo.bytes";

    private ByteInput() {}

    /**
     * The model with another input of the same shape.
     *
     * @param format how its pixels are normalised
     * @return the given bytes where they are no model, or one of several inputs: whoever loads them will say so
     */
    static byte[] of(byte[] model, PixelFormat format) {
        try {
            ModelProto.Builder changed = ModelProto.parseFrom(model).toBuilder();
            return change(changed.getGraphBuilder(), format) ? changed.build().toByteArray() : model;
        } catch (InvalidProtocolBufferException e) {
            return model;
        }
    }

    private static boolean change(GraphProto.Builder graph, PixelFormat format) {
        List<String> constants =
                graph.getInitializerList().stream().map(TensorProto::getName).toList();
        // Old models name their constants among the inputs.
        List<ValueInfoProto.Builder> inputs = graph.getInputBuilderList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .toList();
        if (inputs.size() != 1) {
            return false;
        }
        ValueInfoProto.Builder input = inputs.get(0);
        String pixels = input.getName();
        input.setName(NAME);
        input.getTypeBuilder().getTensorTypeBuilder().setElemType(UINT8);
        List<NodeProto> nodes = graph.getNodeList();
        graph.clearNode();
        boolean plain = format.mean() == 0 && format.deviation() == 1;
        String floats = plain ? pixels : NAME + ".float";
        graph.addNode(OnnxGraph.node("Cast", floats, NAME)
                .addAttribute(
                        AttributeProto.newBuilder().setName("to").setI(FLOAT).setType(AttributeProto.Type.INT)));
        if (!plain) {
            graph.addNode(constant(NAME + ".mean", format.mean()));
            graph.addNode(constant(NAME + ".deviation", format.deviation()));
            graph.addNode(OnnxGraph.node("Sub", NAME + ".centred", floats, NAME + ".mean"));
            graph.addNode(OnnxGraph.node("Div", pixels, NAME + ".centred", NAME + ".deviation"));
        }
        graph.addAllNode(nodes);
        return true;
    }

    private static NodeProto.Builder constant(String name, float value) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
        return OnnxGraph.node("Constant", name)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setT(TensorProto.newBuilder().setDataType(FLOAT).setRawData(ByteString.copyFrom(bytes)))
                        .setType(AttributeProto.Type.TENSOR));
    }
}

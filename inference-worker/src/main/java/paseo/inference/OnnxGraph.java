package paseo.inference;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import paseo.inference.onnx.AttributeProto;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.inference.onnx.OperatorSetIdProto;
import paseo.inference.onnx.TensorProto;
import paseo.inference.onnx.TensorShapeProto;
import paseo.inference.onnx.TypeProto;
import paseo.inference.onnx.ValueInfoProto;

/** Builds an ONNX model of float32 tensors, operator set 13. The same calls give the same bytes. */
final class OnnxGraph {
    private static final int IR_VERSION = 7;
    private static final int OPERATOR_SET = 13;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder();

    OnnxGraph(String name) {
        graph.setName(name);
    }

    /** Declares an input; a dimension of -1 is any size. */
    void input(String name, long... shape) {
        graph.addInput(tensor(name, shape));
    }

    /** Declares an output; a dimension of -1 is any size. */
    void output(String name, long... shape) {
        graph.addOutput(tensor(name, shape));
    }

    /** Adds constant values and names them. */
    String weights(float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(FLOAT, bytes, shape);
    }

    /** Adds a shape for {@code Reshape} and names it. */
    String shape(long... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(dimensions.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(dimensions);
        return constant(INT64, bytes, dimensions.length);
    }

    private String constant(int type, ByteBuffer values, long... shape) {
        String name = "c" + graph.getInitializerCount();
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(type)
                .addAllDims(LongStream.of(shape).boxed().toList())
                .setRawData(ByteString.copyFrom(values)));
        return name;
    }

    /** An operator with one output, after which it is named. */
    static NodeProto.Builder node(String type, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addOutput(output)
                .addAllInput(List.of(inputs));
    }

    /** Adds an operator with one output. */
    Op op(String type, String output, String... inputs) {
        NodeProto.Builder node =
                graph.addNodeBuilder().mergeFrom(node(type, output, inputs).build());
        return new Op(node);
    }

    /** The finished model. */
    ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("paseo")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
                .setGraph(graph)
                .build();
    }

    private static ValueInfoProto tensor(String name, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        Arrays.stream(shape).forEach(size -> {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            dimensions.addDim(
                    size < 0 ? dimension.setDimParam("any" + dimensions.getDimCount()) : dimension.setDimValue(size));
        });
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(dimensions)))
                .build();
    }

    /** An operator whose attributes are still being set. */
    static final class Op {
        private final NodeProto.Builder node;

        private Op(NodeProto.Builder node) {
            this.node = node;
        }

        Op integer(String name, long value) {
            node.addAttribute(
                    AttributeProto.newBuilder().setName(name).setI(value).setType(AttributeProto.Type.INT));
            return this;
        }

        Op ints(String name, long... values) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(name)
                    .addAllInts(LongStream.of(values).boxed().toList())
                    .setType(AttributeProto.Type.INTS));
            return this;
        }
    }
}

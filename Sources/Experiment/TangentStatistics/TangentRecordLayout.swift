/// Where a network's numbers lie in its record: Ĝ and M by packed pairs, then B̂ and F̂ of shape (M, M, M, M), then two controls of
/// each hidden layer and input.
struct TangentRecordLayout: Sendable {
  let inputs: Int
  let pairs: Int
  /// Hidden layers with controls; 0 without.
  let controlledLayers: Int
  private let fours: Int

  init(inputs: Int, controlledLayers: Int = 0) {
    self.inputs = inputs
    self.controlledLayers = controlledLayers
    pairs = inputs * (inputs + 1) / 2
    fours = inputs * inputs * inputs * inputs
  }

  var count: Int { 2 * pairs + 2 * fours + 2 * controlledLayers * inputs }
  var hasControls: Bool { controlledLayers > 0 }

  /// Of the hidden layer ℓ = 1 …
  func kernelControl(layer: Int, _ input: Int) -> Int { 2 * (pairs + fours + (layer - 1) * inputs + input) }
  func tangentControl(layer: Int, _ input: Int) -> Int { kernelControl(layer: layer, input) + 1 }

  func kernel(_ a: Int, _ b: Int) -> Int { max(a, b) * (max(a, b) + 1) / 2 + min(a, b) }
  func tangent(_ a: Int, _ b: Int) -> Int { pairs + kernel(a, b) }
  func mixing(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int { 2 * pairs + place(a, b, c, d) }
  func cross(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int { 2 * pairs + fours + place(a, b, c, d) }

  private func place(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int { ((a * inputs + b) * inputs + c) * inputs + d }
}

/// What a random draw is for. A closed list: adding a purpose never disturbs the draws of another.
public enum RandomPurpose: UInt8, Codable, Sendable, CaseIterable {
  case weights = 1
  case biases = 2
  case gramChain = 3
  case syntheticInputs = 4
  case dataSubset = 5
  case bootstrap = 6
  case batches = 7
  case probe = 8
  case dropout = 9
  case test = 255
}

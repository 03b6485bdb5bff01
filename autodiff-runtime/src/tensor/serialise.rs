//! Saving and loading by `serde`: the shape and the elements in row-major order. Gradients are not part of it.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Tensor;
use super::element::Element;

#[derive(Serialize, Deserialize)]
#[serde(rename = "Tensor")]
struct Plain<T> {
    shape: Vec<usize>,
    data: Vec<T>,
}

impl<T: Element + Serialize> Serialize for Tensor<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Plain {
            shape: self.shape().to_vec(),
            data: self.to_vec(),
        }
        .serialize(serializer)
    }
}

impl<'de, T: Element + Deserialize<'de>> Deserialize<'de> for Tensor<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Plain { shape, data } = Plain::deserialize(deserializer)?;
        Self::from_vec(data, &shape).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Tensor, tensor};

    #[test]
    fn what_is_saved_is_loaded() {
        let x = tensor([[1.5, 2.0], [-0.25, 4.0]]).require_grad();
        let text = serde_json::to_string(&x.t()).unwrap();
        assert_eq!(text, r#"{"shape":[2,2],"data":[1.5,-0.25,2.0,4.0]}"#);
        let loaded: Tensor = serde_json::from_str(&text).unwrap();
        assert_eq!(loaded, x.t());
        assert!(!loaded.requires_grad());
        let wrong = serde_json::from_str::<Tensor>(r#"{"shape":[3],"data":[1.5]}"#).unwrap_err();
        assert!(wrong.to_string().contains("[3]"), "{wrong}");
    }
}
